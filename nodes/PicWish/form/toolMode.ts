// Fields that differ in a tool of an AI agent.

import type { INodeProperties } from 'n8n-workflow';

/**
 * The field twice, under one name: for the canvas, and for a tool, changed by `inTool`. n8n shows one
 * of them; a saved value applies to both. n8n before 1.91 does not know `@tool` and always shows the
 * one for the canvas.
 */
export function withToolTwin(
	field: INodeProperties,
	inTool: Partial<INodeProperties>,
): [canvas: INodeProperties, tool: INodeProperties] {
	const { displayOptions } = field;
	const inCanvas = { ...displayOptions, hide: { ...displayOptions?.hide, '@tool': [true] } };
	const inTools = { ...displayOptions, show: { ...displayOptions?.show, '@tool': [true] } };
	return [
		{ ...field, displayOptions: inCanvas },
		{ ...field, ...inTool, displayOptions: inTools },
	];
}
