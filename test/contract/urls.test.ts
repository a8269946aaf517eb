import { smallPng } from './pictures';
import { startPictureHost, type PictureHost } from './pictureHost';
import { onlyItem, quickWatermark, submitObjects, useBench } from './setup';

const bench = useBench();
let host: PictureHost;

beforeAll(async () => {
	host = await startPictureHost(smallPng);
});
afterAll(async () => await host.close());

const places = {
	image: {
		field: 'Image URL',
		parameters: {
			...submitObjects,
			imageSource: 'url',
			imageUrl: '={{ $json.url }}',
		},
		wireName: 'image_url',
	},
	mask: {
		field: 'Mask URL',
		parameters: {
			...submitObjects,
			imageSource: 'url',
			imageUrl: 'https://example.com/photo.png',
			removalArea: 'maskUrl',
			maskUrl: '={{ $json.url }}',
		},
		wireName: 'mask_url',
	},
};

const taken = [
	['https://example.com/a.png', 'https://example.com/a.png'],
	['http://example.com/a.png', 'http://example.com/a.png'],
	['HTTPS://Example.COM/A.png', 'https://example.com/A.png'],
	['  https://example.com/a.png\n', 'https://example.com/a.png'],
	['https://example.com/two words.png', 'https://example.com/two%20words.png'],
	['https://example.com/two%20words.png', 'https://example.com/two%20words.png'],
	['https://example.com/50%25.png', 'https://example.com/50%25.png'],
	['https://example.com/été/日本.png', 'https://example.com/%C3%A9t%C3%A9/%E6%97%A5%E6%9C%AC.png'],
	['https://bücher.example/a.png', 'https://xn--bcher-kva.example/a.png'],
	['https://example.com/a?q=a b&é=1', 'https://example.com/a?q=a%20b&%C3%A9=1'],
	['https://example.com/a?s=x%2By%3D&t=/', 'https://example.com/a?s=x%2By%3D&t=/'],
	['https://example.com/"<>.png', 'https://example.com/%22%3C%3E.png'],
	['https://example.com:8443/a.png', 'https://example.com:8443/a.png'],
	['https://example.com/100%.png', 'https://example.com/100%25.png'],
	['https://example.com/[a]|{b}^.png', 'https://example.com/%5Ba%5D%7C%7Bb%7D%5E.png'],
	['https://example.com/a?q=50%&r=[1]', 'https://example.com/a?q=50%25&r=%5B1%5D'],
	[
		'https://cdn.example/w_3,h_2/https://b.example/a',
		'https://cdn.example/w_3,h_2/https://b.example/a',
	],
	['https://cdn.example/?u=http://b.example/a', 'https://cdn.example/?u=http://b.example/a'],
];

const refused = [
	['nothing', '', /no address is given/],
	['spaces only', '   ', /no address is given/],
	['null', null, /no address is given.*null/],
	['a missing field', undefined, /no address is given/],
	['a file', 'file:///etc/passwd', /is not a web address/],
	['data', 'data:image/png;base64,iVBORw0KGgo=', /is not a web address/],
	['a script', 'javascript:alert(1)', /is not a web address/],
	['a blob', 'blob:https://example.com/1b2c', /is not a web address/],
	['FTP', 'ftp://example.com/a.png', /is not a web address/],
	['no scheme', 'example.com/a.png', /is not a web address/],
	['no host', 'https://', /is not a web address/],
	['a path', '/images/a.png', /is not a web address/],
	['words', 'the photo of the cat', /is not a web address/],
	['a login', 'https://ann:pa55word@example.com/a.png', /user name or password/],
	['a user name', 'https://ann@example.com/a.png', /user name or password/],
	['a password of another scheme', 'ftp://ann:pa55word@a.example', /"ftp:\/\/…@a\.example"/],
	['a list', ['https://a.example/1.png', 'https://a.example/2.png'], /gave a list/],
	['a list of one', ['https://a.example/1.png'], /gave a list/],
	['a list as text', '["https://a.example/1.png"]', /gave a list/],
	['an object', { url: 'https://a.example/1.png', id: 7 }, /an object.*its fields: url, id/],
	['a number', 42, /is not a web address: "42"/],
	['two, comma', 'https://a.example/1.png,https://a.example/2.png', /more than one address/],
	['two, space', 'https://a.example/1.png https://a.example/2.png', /more than one address/],
	['two, bar', 'https://a.example/1.png | https://a.example/2.png', /more than one address/],
	['two, lines', 'https://a.example/1.png\nhttps://a.example/2.png', /more than one address/],
	['two, semicolon', 'HTTPS://a.example/1.png; http://a.example/2.png', /more than one address/],
	['a line break inside', 'https://a.example/a\nb.png', /line break or tab is inside.*"https/],
	['a tab inside', 'https://a.example/a\tb.png', /line break or tab is inside/],
	['quotes around it', '"https://a.example/a.png"', /is not a web address: ""https/],
	['a long text', 'word '.repeat(100), /is not a web address: "(word )+.*…"/],
] as const;

describe.each(Object.values(places))('$field', ({ field, parameters, wireName }) => {
	test.each(taken)('%j is sent as %j', async (url, expected) => {
		const run = await bench.run(parameters, [{ json: { url } }]);

		expect(run.error).toBeUndefined();
		expect(bench.creates().map(({ fields }) => fields[wireName])).toEqual([expected]);
	});

	test.each(refused)('%s is refused before any request', async (_name, url, message) => {
		const run = await bench.run(parameters, [{ json: url === undefined ? {} : { url } }]);

		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(message),
			description: expect.any(String),
			itemIndex: 0,
		});
		expect(run.error?.message).toMatch(new RegExp(`^${field}: .*\\[item 0\\]$`));
		expect(JSON.stringify(run.error)).not.toContain('pa55word');
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

test('the picture that is fetched is the one that was meant', async () => {
	const imageUrl = `${host.url}/été 1.png?size=a b&sig=%2B%2F`;
	const run = await bench.run({ ...quickWatermark, imageSource: 'url', imageUrl }, [{}]);

	expect(host.asked).toEqual(['/%C3%A9t%C3%A9%201.png?size=a%20b&sig=%2B%2F']);
	expect(onlyItem(run).json.status).toBe('completed');
});

describe('pages by which people share files', () => {
	test.each([
		['https://drive.google.com/file/d/abc/view', /Google Drive/],
		['https://docs.google.com/uc?id=abc', /Google Drive/],
		['https://photos.app.goo.gl/abc', /Google Photos/],
		['https://www.dropbox.com/s/abc/a.png?dl=0', /Dropbox.*raw=1/],
		['https://1drv.ms/i/abc', /OneDrive/],
		['https://firm-my.sharepoint.com/:i:/g/abc', /OneDrive/],
		['https://www.icloud.com/photos/abc', /iCloud/],
		['https://notdropbox.com/a.png', /^(?!.*shared from)/],
	])('%s: the error of the task says so', async (imageUrl, hint) => {
		for (const state of [-3, -7]) {
			bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state } });
			const run = await bench.run(
				{
					operation: 'removeWatermark',
					imageSource: 'url',
					imageUrl,
					options: { urlFetchedBy: 'picwish', requestMode: 'sync' },
				},
				[{}],
			);

			expect(run.error?.description).toMatch(hint);
		}
	});
});
