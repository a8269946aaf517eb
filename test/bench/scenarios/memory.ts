import type { BatchOrder, BatchOutcome } from '../batch';
import type { MemoryCurve } from '../chartData';
import type { Usage } from '../runner';
import { atMost, explained, type Figure, megabytes, middleOf, type Scenario } from '../scenario';
import { credentialFor, type Setting } from '../setting';

const MB = 2 ** 20;
/** Enough to have several large uploads and downloads under way at once. */
const REQUESTS_PER_SECOND = 10;
const PROCESSING_MS = 1000;
const MEMORY_EVERY_MS = 20;
const MANY = 40;
const FEW = 10;
/** Fresh processes for each of the two, the middle one counts. */
const RUNS = 5;

type Measured = BatchOutcome & Usage;

const removeObject = {
	operation: 'removeObjects',
	rectangles: { rectangle: [{ x: 10, y: 10, width: 200, height: 200 }] },
};

/** Pictures of 20 MB: how far memory grows, and that it does not grow with their number. */
export const memory: Scenario = {
	name: 'memory',
	alone: true,
	prepare: async (setting) => async () => {
		const middle = async (images: number) =>
			await middleOf(RUNS, async () => await measure(setting, images, removeObject), peakGrowth);
		const few = await middle(FEW);
		const many = await middle(MANY);
		const blob = await measure(setting, MANY, {}, setting.plainPackage);
		const blobName = `the same ${MANY} uploads by FormData + Blob, one after another`;
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
	const runner = await setting.openRunner(packageDirectory);
	const sandbox = await setting.openSandbox({
		requestsPerSecond: REQUESTS_PER_SECOND,
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
