import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';
import type { ChartData, Makespan, RequestMark, UnevenBar } from './chartData';

export interface Chart {
	file: string;
	title: string;
	/** For below the picture. */
	caption: string;
	svg: string;
}

const WIDTH_PX = 960;
const HEIGHT_PX = 480;
const colors = {
	ours: '#2563eb',
	alsoOurs: '#0d9488',
	others: '#d97706',
	bad: '#dc2626',
	quiet: '#94a3b8',
	faint: '#dbe4f0',
	text: '#1e293b',
};

/** Those charts for which something was measured. */
export function drawCharts(data: ChartData): Chart[] {
	const charts: Chart[] = [];
	if (data.requests.length > 0) charts.push(requestsChart(data));
	if (data.makespans.length > 0) charts.push(makespansChart(data));
	if (data.uneven.length > 0) charts.push(unevenChart(data));
	if (data.memory.length > 0) charts.push(memoryChart(data));
	return charts;
}

function requestsChart({ requests, processing }: ChartData): Chart {
	const title = 'All requests of one batch';
	const kinds: Array<[RequestMark['kind'], color: string, symbol: string]> = [
		['create', colors.ours, 'circle'],
		['poll too early', colors.bad, 'diamond'],
		['poll that saw it done', colors.alsoOurs, 'circle'],
	];
	const points = (kind: RequestMark['kind']) =>
		requests.filter((mark) => mark.kind === kind).map(({ atS, image }) => [atS, image]);
	const svg = render({
		...frame(title),
		xAxis: { ...axis('seconds since the first request'), axisLine: { onZero: false } },
		yAxis: { ...axis('image'), inverse: true, min: 1, max: processing.length },
		series: [
			{
				name: 'being processed',
				type: 'lines',
				coordinateSystem: 'cartesian2d',
				silent: true,
				color: colors.faint,
				lineStyle: { width: 3, opacity: 1, color: colors.faint, cap: 'butt' },
				data: processing.map(({ image, fromS, toS }) => ({
					coords: [
						[fromS, image],
						[toS, image],
					],
				})),
			},
			...kinds.map(([name, color, symbol]) => ({
				name,
				type: 'scatter' as const,
				color,
				symbol,
				symbolSize: 5,
				data: points(name),
			})),
		],
	});
	const polls = points('poll that saw it done').length + points('poll too early').length;
	const caption =
		`${processing.length} images, tasks of 6 s ± 30 %, two requests a second: ` +
		`${points('create').length} creates and ${polls} polls, of which ` +
		`${points('poll too early').length} were too early.`;
	return { file: 'benchmark-requests.svg', title, caption, svg };
}

function makespansChart({ makespans }: ChartData): Chart {
	const title = 'Duration of a batch';
	const tasks = [...new Set(makespans.map(({ taskS }) => taskS))].sort((a, b) => a - b);
	const values = (way: Makespan['way'], field: 'makespanS' | 'boundS') =>
		tasks.map((taskS) => {
			const found = makespans.find((one) => one.way === way && one.taskS === taskS);
			return found?.[field] === undefined ? '-' : Math.round(found[field]);
		});
	const bars: Array<[name: string, Makespan['way'], 'makespanS' | 'boundS', color: string]> = [
		['one at a time', 'one at a time', 'makespanS', colors.others],
		['async', 'async', 'makespanS', colors.ours],
		['bound of async', 'async', 'boundS', colors.quiet],
		['sync', 'sync', 'makespanS', colors.alsoOurs],
		['bound of sync', 'sync', 'boundS', colors.quiet],
	];
	const svg = render({
		...frame(title),
		xAxis: {
			...axis('mean processing time of a task'),
			type: 'category',
			data: tasks.map((taskS) => `${taskS} s`),
		},
		yAxis: axis('seconds'),
		series: bars.map(([name, way, field, color]) => ({
			name,
			type: 'bar' as const,
			color,
			barGap: '8%',
			barCategoryGap: '14%',
			label: { show: true, position: 'top' as const, color: colors.text, fontSize: 11 },
			data: values(way, field),
		})),
	});
	const caption =
		'The limit is two requests a second. The grey bars show the minimum: two requests ' +
		'per image for async, one for sync.';
	return { file: 'benchmark-makespan.svg', title, caption, svg };
}

function memoryChart({ memory }: ChartData): Chart {
	const title = 'Memory while images of 20 MB are uploaded and downloaded';
	const palette = [colors.ours, colors.alsoOurs, colors.others];
	const svg = render({
		...frame(title),
		xAxis: axis('seconds'),
		yAxis: axis('MB above the start'),
		series: memory.map(({ name, points }, index) => ({
			name,
			type: 'line' as const,
			color: palette[index % palette.length],
			showSymbol: false,
			lineStyle: { width: 1.5 },
			data: points,
		})),
	});
	const caption = 'Resident memory of the whole process, read every 20 ms.';
	return { file: 'benchmark-memory.svg', title, caption, svg };
}

/** What the bars of a panel show, and where it stands, in per cent of the width. */
const panels: Record<UnevenBar['panel'], { axis: string; left: number; width: number }> = {
	beside: { axis: 'time ÷ the same alone', left: 6, width: 17 },
	fetch: { axis: 'seconds after it was done', left: 31, width: 17 },
	mixed: { axis: 'makespan ÷ bound', left: 56, width: 42 },
};

function unevenChart({ uneven }: ChartData): Chart {
	const title = 'Concurrent runs, and tasks of uneven duration';
	const shown = Object.entries(panels).flatMap(([panel, place]) => {
		const bars = uneven.filter((bar) => bar.panel === panel);
		return bars.length > 0 ? [{ bars, place }] : [];
	});
	const percent = (share: number) => `${share}%`;
	const round = (value: number) => Math.round(value * 100) / 100;
	const label = {
		show: true,
		position: 'top' as const,
		color: colors.text,
		backgroundColor: '#ffffff',
		fontSize: 11,
	};
	const svg = render({
		...frame(title),
		grid: shown.map(({ place }) => ({
			left: percent(place.left),
			width: percent(place.width),
			top: 86,
			bottom: 58,
		})),
		xAxis: shown.map(({ bars }, gridIndex) => ({
			type: 'category' as const,
			gridIndex,
			data: bars.map(({ name }) => name),
			axisLabel: { color: colors.text, interval: 0 },
		})),
		yAxis: shown.map(({ place }, gridIndex) => ({ ...axis(place.axis), gridIndex })),
		series: shown.flatMap(({ bars }, index) => [
			{
				name: 'version 1.0',
				type: 'bar' as const,
				xAxisIndex: index,
				yAxisIndex: index,
				color: colors.quiet,
				label,
				data: bars.map(({ before }) => round(before)),
			},
			{
				name: 'now',
				type: 'bar' as const,
				xAxisIndex: index,
				yAxisIndex: index,
				color: colors.ours,
				label,
				data: bars.map(({ value }) => round(value)),
				markLine: {
					silent: true,
					symbol: 'none',
					lineStyle: { color: colors.bad, type: 'dashed' as const },
					label: { formatter: 'target', position: 'insideEndTop' as const, color: colors.bad },
					data: [{ yAxis: Math.max(...bars.map(({ target }) => target)) }],
				},
			},
		]),
	});
	const caption =
		'Left: one watermark of 0.5 s submitted while 400 Remove Objects of 6 s run, ten requests a ' +
		'second. Middle: Get Result of ten unfinished tasks in a fresh process. Right: batches of 100 ' +
		'images whose tasks differ in duration. Lower is better.';
	return { file: 'benchmark-uneven.svg', title, caption, svg };
}

function frame(title: string): EChartsOption {
	return {
		backgroundColor: '#ffffff',
		animation: false,
		textStyle: { fontFamily: 'system-ui, sans-serif', color: colors.text },
		title: { text: title, left: 16, top: 10, textStyle: { fontSize: 17, color: colors.text } },
		legend: { top: 42, left: 12, itemGap: 36, itemWidth: 16, textStyle: { color: colors.text } },
		grid: { left: 66, right: 28, top: 86, bottom: 58 },
	};
}

function axis(name: string) {
	return {
		type: 'value' as const,
		name,
		nameLocation: 'middle' as const,
		nameGap: 36,
		nameTextStyle: { color: colors.text },
		axisLabel: { color: colors.text },
		splitLine: { lineStyle: { color: '#eef2f7' } },
	};
}

function render(option: EChartsOption): string {
	const chart = echarts.init(null, null, {
		renderer: 'svg',
		ssr: true,
		width: WIDTH_PX,
		height: HEIGHT_PX,
	});
	try {
		chart.setOption(option);
		return `${chart.renderToSVGString()}\n`;
	} finally {
		chart.dispose();
	}
}
