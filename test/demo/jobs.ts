/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import type { InputItem } from '../engine/nodes/start';
import type { WorkflowNode } from '../engine/workflowNodes';
import { type Area, samples } from '../sandbox/samples/samples';
import type { DemoArguments } from './arguments';
import type { MarkedArea } from './pictures';

/** One workflow of the demo: what goes in, the nodes one after another, what should change. */
export interface Job {
	/** Begins the names of the files it leaves behind. */
	name: string;
	/** For people. */
	title: string;
	before: { fileName: string; bytes: Buffer };
	item: InputItem;
	nodes: Array<Omit<WorkflowNode, 'type'>>;
	/** What the person marks; undefined = the service finds it. */
	marked?: MarkedArea;
	/** Of a sample: here the picture must change, and nowhere else. */
	expected?: MarkedArea;
}

const samplesFolder = join(__dirname, '../sandbox/samples');

async function loadSample(fileName: string) {
	return { fileName, bytes: await readFile(join(samplesFolder, fileName)) };
}

const asRectangles = (areas: readonly Area[]) => ({ rectangle: areas });

/** Boxes in thousandths, y first, inside the text of an answer. */
function asGemini(areas: readonly Area[], { width, height }: { width: number; height: number }) {
	const boxes = areas.map((area) => ({
		box_2d: [
			Math.floor((area.y / height) * 1000),
			Math.floor((area.x / width) * 1000),
			Math.ceil(((area.y + area.height) / height) * 1000),
			Math.ceil(((area.x + area.width) / width) * 1000),
		],
		label: 'note',
	}));
	const text = `\`\`\`json\n${JSON.stringify(boxes)}\n\`\`\``;
	return { content: { parts: [{ text }], role: 'model' } };
}

/** The photo, transparent where the mask is white: what image editors and OpenAI's edit tools give. */
async function withHole(photo: Buffer, mask: Buffer) {
	const alpha = await sharp(mask)
		.removeAlpha()
		.toColourspace('b-w')
		.extractChannel(0)
		.negate()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const { width, height } = alpha.info;
	const bytes = await sharp(photo)
		.joinChannel(alpha.data, { raw: { width, height, channels: 1 } })
		.png()
		.toBuffer();
	return { fileName: 'photo-with-hole.png', bytes };
}

/** @param samplesUrl where the service finds the samples; without it the job by URL is left out */
export async function sampleJobs(samplesUrl: string | undefined): Promise<Job[]> {
	const mug = await loadSample(samples.watermarked.file);
	const desk = await loadSample(samples.untidy.file);
	const mask = await loadSample(samples.mask.file);
	const words: MarkedArea = { rectangles: samples.watermarked.areas };
	const notes: MarkedArea = { rectangles: samples.untidy.areas };
	const { width = 0, height = 0 } = await sharp(desk.bytes).metadata();
	const deskSize = { width, height };
	const jobs: Job[] = [
		{
			name: '1-watermark',
			title: 'Remove Watermark',
			before: mug,
			item: { binary: { data: mug } },
			nodes: [{ name: 'Remove Watermark', parameters: { operation: 'removeWatermark' } }],
			expected: words,
		},
		{
			name: '2-rectangles',
			title: 'Remove Objects by rectangles',
			before: desk,
			item: { binary: { data: desk } },
			nodes: [
				{
					name: 'Remove Objects',
					parameters: {
						operation: 'removeObjects',
						removalArea: 'rectangles',
						rectangles: asRectangles(samples.untidy.areas),
					},
				},
			],
			marked: notes,
			expected: notes,
		},
		{
			name: '3-mask',
			title: 'Remove Objects by mask',
			before: desk,
			item: { binary: { data: desk, mask } },
			nodes: [
				{
					name: 'Remove Objects',
					parameters: { operation: 'removeObjects', removalArea: 'maskBinary' },
				},
			],
			marked: { mask: mask.bytes },
			expected: { mask: mask.bytes },
		},
		{
			name: '4-url',
			title: 'Remove Objects from URL',
			before: desk,
			item: {
				json: {
					picture: `${samplesUrl}/${desk.fileName}`,
					detected: samples.untidy.areas.map((area) => ({ ...area })),
				},
			},
			nodes: [
				{
					name: 'Remove Objects',
					parameters: {
						operation: 'removeObjects',
						imageSource: 'url',
						imageUrl: '={{ $json.picture }}',
						removalArea: 'detections',
						detections: '={{ $json.detected }}',
					},
				},
			],
			marked: notes,
			expected: notes,
		},
		{
			name: '5-get-result',
			title: 'Get Result',
			before: mug,
			item: { binary: { data: mug } },
			nodes: [
				{
					name: 'Submit',
					parameters: { operation: 'removeWatermark', options: { waitForCompletion: false } },
				},
				{
					name: 'Get Result',
					parameters: {
						operation: 'getResult',
						taskType: 'removeWatermark',
						taskId: '={{ $json.taskId }}',
					},
				},
			],
			expected: words,
		},
		{
			name: '6-gemini-boxes',
			title: 'Remove Objects by boxes as Gemini gives them',
			before: desk,
			item: { json: { answer: asGemini(samples.untidy.areas, deskSize) }, binary: { data: desk } },
			nodes: [
				{
					name: 'Remove Objects',
					parameters: {
						operation: 'removeObjects',
						removalArea: 'detections',
						detections: '={{ $json.answer }}',
					},
				},
			],
			marked: notes,
			expected: notes,
		},
		{
			name: '7-hole',
			title: 'Remove Objects by a photo with a transparent hole',
			before: desk,
			item: { binary: { data: desk, mask: await withHole(desk.bytes, mask.bytes) } },
			nodes: [
				{
					name: 'Remove Objects',
					parameters: {
						operation: 'removeObjects',
						removalArea: 'maskBinary',
						maskMarks: 'transparent',
					},
				},
			],
			marked: { mask: mask.bytes },
			expected: { mask: mask.bytes },
		},
	];
	return jobs.filter(({ name }) => samplesUrl !== undefined || name !== '4-url');
}

/** The job for one's own picture: its watermark, or what is marked. */
export async function ownJob({
	file,
	rectangles,
	maskFile,
}: DemoArguments & { pictures: 'own' }): Promise<Job> {
	const fileName = basename(file);
	const before = { fileName, bytes: await readFile(file) };
	const common = { name: fileName.replace(/\.\w+$/, ''), before };
	if (rectangles) {
		const parameters = {
			operation: 'removeObjects',
			removalArea: 'rectangles',
			rectangles: asRectangles(rectangles),
		};
		return {
			...common,
			title: 'Remove Objects by rectangles',
			item: { binary: { data: before } },
			nodes: [{ name: 'Remove Objects', parameters }],
			marked: { rectangles },
		};
	}
	if (maskFile !== undefined) {
		const mask = { fileName: basename(maskFile), bytes: await readFile(maskFile) };
		const parameters = { operation: 'removeObjects', removalArea: 'maskBinary' };
		return {
			...common,
			title: 'Remove Objects by mask',
			item: { binary: { data: before, mask } },
			nodes: [{ name: 'Remove Objects', parameters }],
			marked: { mask: mask.bytes },
		};
	}
	return {
		...common,
		title: 'Remove Watermark',
		item: { binary: { data: before } },
		nodes: [{ name: 'Remove Watermark', parameters: { operation: 'removeWatermark' } }],
	};
}
