import type { BatchOrder, BatchOutcome } from '../batch';
import type { MemoryCurve } from '../chartData';
import type { Usage } from '../runner';
import {
	atMost,
	count,
	explained,
	type Figure,
	megabytes,
	middleOf,
	type Scenario,
} from '../scenario';
import { credentialFor, removeObjects, removeWatermark, type Setting } from '../setting';

const MB = 2 ** 20;
/** Enough to have several large uploads and downloads under way at once. */
const REQUESTS_PER_SECOND = 10;
const PROCESSING_MS = 1000;
const MEMORY_EVERY_MS = 20;
const HEAP_EVERY_MS = 1000;
/** So that thousands of images are not a matter of minutes, and the sandbox keeps up. */
const MANY_A_SECOND = 200;
/** 8 MB as text. */
const LAST_FILE_BYTES = (8 * MB * 4) / 3;
const MANY = 40;
const FEW = 10;
/** Fresh processes for each of the two, the median counts. */
const RUNS = 5;

type Measured = BatchOutcome & Usage;

/** Pictures of 20 MB: how far memory grows, and that it does not grow with their number. */
export const memory: Scenario = {
	name: 'memory',
	alone: true,
	prepare: async (setting) => async () => {
		const middle = async (images: number) =>
			await middleOf(RUNS, async () => await measure(setting, images, removeObjects), peakGrowth);
		const few = await middle(FEW);
		const many = await middle(MANY);
		const blob = await measure(setting, MANY, {}, setting.plainPackage);
		const blobName = `the same ${MANY} uploads by FormData + Blob, one at a time`;
		const name = `peak RSS growth, ${MANY} images of 20 MB up and down`;
		return {
			figures: [
				explained(
					atMost(name, peakGrowth(many), 120 * MB, megabytes),
					`from ${megabytes(many.rssBefore)}`,
				),
				sameForFew(peakGrowth(many), peakGrowth(few)),
				{
					name: `peak RSS growth, ${blobName}`,
					target: '',
					measured: megabytes(peakGrowth(blob)),
				},
			],
			charts: {
				memory: [
					curve(`${MANY} images up and down, this node`, many),
					curve(`${FEW} images up and down, this node`, few),
					curve(blobName, blob),
				],
			},
		};
	},
};

/** n8n's binary data mode `default`: the files themselves are in the items, as text. */
export const inMemory: Scenario = {
	name: 'in-memory',
	alone: true,
	prepare: async (setting) => async () => {
		const images = setting.images(60);
		const { rss, rssWithInput } = await middleOf(
			3,
			async () => {
				const runner = await setting.openRunner({ binaryMode: 'default' });
				const sandbox = await setting.openSandbox({
					requestsPerSecond: REQUESTS_PER_SECOND,
					processingMs: PROCESSING_MS,
				});
				const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
				// The results would be in the items, too, and hide what the uploads take.
				const parameters = { ...removeWatermark, options: { downloadResult: false } };
				const order = { picture: setting.mediumPicture, images, parameters, credential };
				await runner.run({ ...order, picture: setting.smallPicture, images: 1 });
				const measuring = { memoryEveryMs: MEMORY_EVERY_MS, aboveInput: true };
				const measured = await runner.run({ ...order, ...measuring });
				await setting.closeOpened();
				return measured;
			},
			growthAboveInput,
		);
		const name = `${images} files of 8 MB in memory: peak RSS growth over the input itself`;
		const figure = atMost(name, growthAboveInput({ rss, rssWithInput }), 80 * MB, megabytes);
		return { figures: [explained(figure, `from ${megabytes(rssWithInput)} with the input`)] };
	},
};

/** Many items in hand at once, by hand: what the waiting itself takes. */
export const manyAtOnce: Scenario = {
	name: 'many-at-once',
	alone: true,
	prepare: async (setting) => async () => {
		const images = setting.images(5000);
		const runner = await setting.openRunner();
		const sandbox = await setting.openSandbox({ requestsPerSecond: 0 });
		const { heapPeak, heapWithInput } = await runner.run({
			images,
			parameters: {
				...removeWatermark,
				imageSource: 'url',
				imageUrl: 'http://pictures.example/mug.jpg',
				options: { waitForCompletion: false, maxConcurrentTasks: images },
			},
			credential: credentialFor(sandbox, MANY_A_SECOND),
			aboveInput: true,
			heapEveryMs: HEAP_EVERY_MS,
		});
		await setting.closeOpened();
		const name = `${count(images)} items, Max Concurrent Tasks ${count(images)}: peak heap growth`;
		return { figures: [atMost(name, heapPeak - heapWithInput, 40 * MB, megabytes)] };
	},
};

/** The last file is read, but not yet in its item, when memory with the input is noted. */
function growthAboveInput({ rss, rssWithInput }: Pick<Usage, 'rss' | 'rssWithInput'>): number {
	return Math.max(...rss.map(([, bytes]) => bytes)) - rssWithInput - LAST_FILE_BYTES;
}

function sameForFew(many: number, few: number): Figure {
	const difference = Math.abs(many / few - 1);
	const percent = (share: number) => `${Math.round(share * 100)} %`;
	return explained(
		atMost(`the same against ${FEW} images: difference`, difference, 0.25, percent),
		`${megabytes(many)} against ${megabytes(few)}`,
	);
}

/** In processes of their own, after a small picture has brought all code into memory. */
async function measure(
	setting: Setting,
	images: number,
	parameters: BatchOrder['parameters'],
	packageDirectory?: string,
): Promise<Measured> {
	const runner = await setting.openRunner({ packageDirectory });
	const sandbox = await setting.openSandbox({
		// The node for comparison knows of no limit.
		requestsPerSecond: packageDirectory === undefined ? REQUESTS_PER_SECOND : 0,
		processingMs: PROCESSING_MS,
		resultFormat: 'source',
	});
	const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
	const order = { picture: setting.largePicture, images, parameters, credential };
	await runner.run({ ...order, picture: setting.smallPicture, images: 1 });
	const measured = await runner.run({ ...order, memoryEveryMs: MEMORY_EVERY_MS });
	await setting.closeOpened();
	return measured;
}

function peakGrowth({ rss, rssBefore }: Usage): number {
	return Math.max(...rss.map(([, bytes]) => bytes)) - rssBefore;
}

function curve(name: string, { rss, rssBefore }: Usage): MemoryCurve {
	const points = rss.map(([atMs, bytes]): [number, number] => [
		atMs / 1000,
		(bytes - rssBefore) / MB,
	]);
	return { name, points };
}
