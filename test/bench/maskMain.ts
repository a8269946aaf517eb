/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
// The child's side of maskWork.ts.
import { createReadStream } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyBitmap } from '../../nodes/PicWish/area/bitmap';
import { drawShapes } from '../../nodes/PicWish/area/drawing';
import { maskFromFile, maskFromShapes } from '../../nodes/PicWish/area/mask';
import { writePng } from '../../nodes/PicWish/area/pngWriter';
import type { FromMaskWorker, MaskUsage, MaskWork } from './maskWork';

const SIDE = 4096;
const MEMORY_EVERY_MS = 2;
/** Delays shorter than that are not seen. */
const EVENT_LOOP_SAMPLE_MS = 1;
/** The compiler and the warm-up leave threads that still work. */
const SETTLE_MS = 500;

const order = {
	name: 'mask.png',
	size: { width: SIDE, height: SIDE },
	growBy: 0,
	orientation: 1,
} as const;

async function run(work: MaskWork): Promise<void> {
	if (work.type === 'shapes') {
		await drawShapes(work.shapes, order.size, 0, order.name);
		return;
	}
	const one = async () => {
		const open = async () => createReadStream(work.path);
		await maskFromFile(open, { ...order, marks: 'transparent', redraw: false });
	};
	await Promise.all(Array.from({ length: work.times }, one));
}

/** Brings all code into memory, and the loops into machine code. */
async function warmUp(): Promise<void> {
	const size = { width: 300, height: 300 };
	const small = await writePng(emptyBitmap(size));
	const points = [0, 1, 2, 3, 4].map((i) => ({ x: (i * 170) % 300, y: (i * 230) % 300 }));
	const open = async () => Readable.from([small]);
	for (let i = 0; i < 3; i++) {
		await maskFromShapes([{ kind: 'outline', points }], { ...order, size });
		// All black: the file is read, then refused.
		await maskFromFile(open, { ...order, size, marks: 'white', redraw: true }).catch(
			() => undefined,
		);
	}
	await wait(SETTLE_MS);
}

async function measure(work: MaskWork): Promise<MaskUsage> {
	await warmUp();
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let peak = before;
	const sample = () => {
		peak = Math.max(peak, process.memoryUsage.rss());
	};
	const sampling = setInterval(sample, MEMORY_EVERY_MS);
	const delays = monitorEventLoopDelay({ resolution: EVENT_LOOP_SAMPLE_MS });
	delays.enable();
	const cpuBefore = process.cpuUsage();
	const startedAt = performance.now();
	await run(work);
	const elapsedMs = performance.now() - startedAt;
	const cpu = process.cpuUsage(cpuBefore);
	sample();
	// One more turn, in which a delay at the end is noticed.
	await wait(2 * EVENT_LOOP_SAMPLE_MS);
	delays.disable();
	clearInterval(sampling);
	return {
		elapsedMs,
		cpuMs: (cpu.user + cpu.system) / 1000,
		longestBlockMs: delays.max / 1e6,
		growth: peak - before,
	};
}

const send = (message: FromMaskWorker) => process.send?.(message);

process.once('message', (work: MaskWork) => {
	measure(work).then(
		(usage) => send({ type: 'done', usage }),
		(error: unknown) => send({ type: 'failed', reason: String(error) }),
	);
});
