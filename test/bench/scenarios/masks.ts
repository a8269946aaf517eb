/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { join } from 'node:path';
import sharp from 'sharp';
import type { Shape } from '../../../nodes/PicWish/area/shapes';
import { measureMasks } from '../maskWork';
import {
	atMost,
	explained,
	megabytes,
	middleOf,
	milliseconds,
	type Scenario,
	seconds,
} from '../scenario';

const MB = 2 ** 20;
/** The largest that PicWish takes. */
const SIDE = 4096;
const OUTLINES = 200;
const POINTS = 100;
/** As far as a large object reaches from its middle, in pixels. */
const REACH = 300;
const MANY = 10;
/** Fresh processes for each; the median counts. */
const RUNS = 5;

/** What masks of the largest size ask of the machine. */
export const masks: Scenario = {
	name: 'masks',
	alone: true,
	prepare: async (setting) => async () => {
		const path = join(setting.folder, 'hole.png');
		await writePhotoWithHole(path);
		const one = await middleOf(
			RUNS,
			async () => await measureMasks({ type: 'file', path, times: 1 }),
			({ cpuMs }) => cpuMs,
		);
		const many = await middleOf(
			RUNS,
			async () => await measureMasks({ type: 'file', path, times: MANY }),
			({ growth }) => growth,
		);
		const shapes = Array.from({ length: OUTLINES }, (_, i) => outline(i));
		const drawn = await middleOf(
			RUNS,
			async () => await measureMasks({ type: 'shapes', shapes }),
			({ cpuMs }) => cpuMs,
		);
		const name = `a mask of ${SIDE} × ${SIDE} pixels from a photo with a hole`;
		const outlines = `${OUTLINES} outlines of ${POINTS} points drawn at ${SIDE} × ${SIDE} pixels`;
		return {
			figures: [
				explained(atMost(`${name}: CPU`, one.cpuMs, 1000, milliseconds), seconds(one.elapsedMs)),
				atMost(`${name}: longest block of the event loop`, one.longestBlockMs, 120, milliseconds),
				atMost(`${name}: peak RSS growth`, one.growth, 64 * MB, megabytes),
				explained(
					atMost(`${MANY} of them at once: peak RSS growth`, many.growth, 120 * MB, megabytes),
					`one at a time, ${seconds(many.elapsedMs)}`,
				),
				explained(
					atMost(`${outlines}: CPU`, drawn.cpuMs, 250, milliseconds),
					`${seconds(drawn.elapsedMs)}, longest block ${milliseconds(drawn.longestBlockMs)}`,
				),
			],
		};
	},
};

/** Soft noise, which compresses as a photo does. */
async function writePhotoWithHole(path: string): Promise<void> {
	const size = { width: SIDE, height: SIDE };
	const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
	const photo = await sharp({
		create: { width: SIDE / 8, height: SIDE / 8, channels: 3, background: 'grey', noise },
	})
		.resize(SIDE, SIDE)
		.ensureAlpha()
		.raw()
		.toBuffer();
	const hole = Buffer.from(
		`<svg width="${SIDE}" height="${SIDE}"><circle cx="1700" cy="2100" r="600"/></svg>`,
	);
	await sharp(photo, { raw: { ...size, channels: 4 } })
		.composite([{ input: hole, blend: 'dest-out' }])
		.png({ adaptiveFiltering: true })
		.toFile(path);
}

/** As segmentation gives them: a ragged line around an object; everywhere in the picture, the same each time. */
function outline(index: number): Shape {
	const noise = (i: number) => ((Math.sin(i * 12.9898 + index * 78.233) * 43_758.5453) % 1) ** 2;
	const [x, y] = [noise(1) * SIDE, noise(2) * SIDE];
	const points = Array.from({ length: POINTS }, (_, i) => {
		const angle = (i / POINTS) * 2 * Math.PI;
		const reach = REACH * (0.6 + 0.4 * noise(i + 3));
		return { x: x + reach * Math.cos(angle), y: y + reach * Math.sin(angle) };
	});
	return { kind: 'outline', points };
}
