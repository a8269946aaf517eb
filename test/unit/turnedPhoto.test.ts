import type { IBinaryData } from 'n8n-workflow';
import { finishedWarning, turning } from '../../nodes/PicWish/input/turnedPhoto';

const size = { width: 40, height: 30 };
const jpeg = { size, orientation: 6, content: { name: 'JPEG', format: 'jpeg' as const } };
const png = { size, orientation: 6, content: { name: 'PNG', format: 'png' as const } };
const all = { uploaded: true, fetched: true, areaIsStored: true };

test('a JPEG stored turned is sent as an upright one, and its result is turned', () => {
	expect(turning(jpeg, all)).toEqual({
		resultOrientation: 6,
		warning: expect.stringMatching(/orientation 6.* upright/),
	});
});

test.each([
	['PicWish opens its address', jpeg, { ...all, uploaded: false }, /PicWish downloads/],
	['it is no JPEG', png, all, /of JPEG files only/],
	['its format is not known', { ...jpeg, content: undefined }, all, /of JPEG files only/],
	['its mask may lie otherwise', jpeg, { ...all, areaIsStored: false }, /its mask/],
	['nothing fetches the result', jpeg, { ...all, fetched: false }, /fetch the result/],
])('it is sent as it is where %s', (_name, head, circumstances, why) => {
	const { resultOrientation, warning } = turning(head, circumstances);
	expect(resultOrientation).toBeUndefined();
	expect(warning).toMatch(/orientation 6.* sent as it is, because /);
	expect(warning).toMatch(why);
});

test.each([
	['upright', { ...jpeg, orientation: 1 }],
	['not read', undefined],
])('of an image that is %s nothing is said', (_name, head) => {
	expect(turning(head, all)).toEqual({});
});

test.each([
	['image/jpeg', /^sent; the result has/],
	['image/png', /^sent; the result is not a JPEG/],
])('a result of %s', (mimeType, warning) => {
	const picture: IBinaryData = { mimeType, data: '' };
	expect(finishedWarning({ warning: 'sent', resultOrientation: 6 }, picture)).toMatch(warning);
	expect(finishedWarning({ warning: 'sent' }, picture)).toBe('sent');
	expect(finishedWarning({ warning: 'sent', resultOrientation: 6 }, undefined)).toBe('sent');
});
