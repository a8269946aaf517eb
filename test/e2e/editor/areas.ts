import type { Locator } from 'playwright-core';

import type { Editor } from './editor';

/** A part of the window, in pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

const canvasMargin = 24;
/** Less than the gap between two fields. */
const formMargin = 12;

/** Nodes, their names and the notes. */
export async function canvasArea({ part }: Pick<Editor, 'part'>): Promise<Area> {
	const drawn = ['canvas-node', 'canvas-handle-plus', 'sticky'].map(part);
	const all = (await Promise.all(drawn.map(async (one) => await one.all()))).flat();
	const boxes = (await Promise.all(all.map(async (one) => await one.boundingBox()))).filter(
		(box) => box !== null,
	);
	const left = Math.min(...boxes.map(({ x }) => x)) - canvasMargin;
	const top = Math.min(...boxes.map(({ y }) => y)) - canvasMargin;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + canvasMargin;
	// The names stand below the nodes' boxes, in two or three lines.
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 4 * canvasMargin;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * The open node's form.
 *
 * @param last where it ends below; default: the button that adds an option
 */
export async function formArea({ part }: Editor, last?: Locator): Promise<Area> {
	const input = await boxOf(part('ndv-input-panel'));
	const output = await boxOf(part('output-panel'));
	const { y, height } = await boxOf(last ?? part('collection-parameter-add'));
	const left = input.x + input.width;
	return {
		x: left,
		y: output.y,
		width: output.x - left,
		height: y + height + formMargin - output.y,
	};
}

/** The open node's form, and what lies beside it of the output. */
export async function formAndOutputArea(editor: Editor): Promise<Area> {
	const form = await formArea(editor);
	const output = await boxOf(editor.part('output-panel'));
	return { ...form, width: output.x + output.width - form.x };
}

/** This part, down to another one in it. */
export async function areaDownTo(whole: Locator, last: Locator): Promise<Area> {
	const area = await boxOf(whole);
	const { y, height } = await boxOf(last);
	return { ...area, height: y + height + formMargin - area.y };
}

async function boxOf(part: Locator): Promise<Area> {
	const box = await part.boundingBox();
	if (!box) throw new Error('A part of the editor is not to be seen');
	return box;
}
