/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import process, { argv } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { startEngine } from '../engine/engine';
import { readArguments } from './arguments';
import { collect } from './chartData';
import { drawCharts } from './charts';
import { describeMachine, say, toTable, writeDocument } from './report';
import { atMost, explained, type Findings, milliseconds, type Scenario, seconds } from './scenario';
import { asyncBatch, syncBatch } from './scenarios/batches';
import { cancellation } from './scenarios/cancellation';
import { load } from './scenarios/load';
import { inMemory, manyAtOnce, memory } from './scenarios/memory';
import { mixedBatches } from './scenarios/mixed';
import { standstill, stopInSync, toolCall } from './scenarios/paidTasks';
import { pictures } from './scenarios/pictures';
import { countedPolls, uncountedPolls } from './scenarios/polls';
import { masks } from './scenarios/masks';
import { limitTooHigh, threeProcesses, twoWorkflows } from './scenarios/sharing';
import { single } from './scenarios/single';
import { throughput } from './scenarios/throughput';
import { afterSlowOnes, besideLargeRun, fetchUnfinished } from './scenarios/waiting';
import { MOST_REFUSED, Setting } from './setting';

/** In the order of the table. For long tasks, fewer images are processed one at a time. */
const scenarios: Scenario[] = [
	asyncBatch(1, { images: 30 }),
	asyncBatch(3, { images: 30, atLeastTimesFaster: 2.8 }),
	asyncBatch(6, { images: 24, atLeastTimesFaster: 5.5 }),
	asyncBatch(10, { images: 14 }),
	...[1, 3, 6, 10].map(syncBatch),
	single,
	twoWorkflows,
	threeProcesses,
	limitTooHigh,
	besideLargeRun,
	fetchUnfinished,
	...mixedBatches,
	afterSlowOnes,
	uncountedPolls,
	countedPolls,
	stopInSync,
	toolCall,
	standstill,
	throughput,
	memory,
	inMemory,
	manyAtOnce,
	pictures,
	masks,
	load,
	cancellation,
];

/** With 24 scenarios at once the two cores were so busy that requests arrived late and were refused. */
const MOST_TOGETHER = 8;
/** Beginning a batch is work (its pictures are stored): they do not all begin at once. */
const STAGGER_MS = 500;
/** Of the timer whose lateness is watched. */
const TIMER_MS = 10;
/** New processes load their code meanwhile; nothing is measured beside that. */
const SETTLE_MS = 2000;

async function measureAll(chosen: readonly Scenario[], setting: Setting): Promise<Findings[]> {
	const found = new Map<Scenario, Findings>();
	const punctuality = monitorEventLoopDelay({ resolution: TIMER_MS });
	const together = chosen.filter(({ alone }) => !alone);
	const groups = [
		...inGroups(together),
		...chosen.filter(({ alone }) => alone).map((scenario) => [scenario]),
	];
	for (const group of groups) {
		say(`Measuring ${group.map(({ name }) => name).join(', ')} …`);
		const ready = [];
		for (const scenario of group) {
			ready.push({ scenario, measure: await scenario.prepare(setting) });
		}
		await wait(SETTLE_MS);
		if (!group.some(({ alone }) => alone)) punctuality.enable();
		const measuring = ready.map(async ({ scenario, measure }, index) => {
			await wait(index * STAGGER_MS);
			found.set(scenario, await measureOne(scenario.name, measure));
		});
		await Promise.all(measuring);
		punctuality.disable();
		await setting.closeOpened();
	}
	const findings = chosen.flatMap((scenario) => found.get(scenario) ?? []);
	return together.length > 0 ? [...findings, control(punctuality)] : findings;
}

function inGroups(scenarios: readonly Scenario[]): Scenario[][] {
	const count = Math.ceil(scenarios.length / MOST_TOGETHER);
	return Array.from({ length: count }, (_, i) =>
		scenarios.slice(i * MOST_TOGETHER, (i + 1) * MOST_TOGETHER),
	);
}

async function measureOne(name: string, measure: () => Promise<Findings>): Promise<Findings> {
	const startedAt = performance.now();
	try {
		const findings = await measure();
		const missed = findings.figures.filter(({ met }) => met === false).length;
		const outcome = missed > 0 ? `${missed} MISSED` : 'done';
		say(`  ${name}: ${outcome} after ${seconds(performance.now() - startedAt)}`);
		for (const refusal of findings.refused?.flat() ?? []) say(`    ${refusal}`);
		return findings;
	} catch (error) {
		say(`  ${name}: ${error instanceof Error ? error.stack : String(error)}`);
		const measured = error instanceof Error ? error.message : String(error);
		return { figures: [{ name, target: 'ends well', measured, met: false }] };
	}
}

/** On a busy machine requests arrive late, which causes 429 responses that are not the node's fault. */
function control(delays: IntervalHistogram): Findings {
	const lateness = (value: number) => milliseconds(Math.max(0, value / 1e6 - TIMER_MS));
	const name = 'control: timer delay in the process of the paced batches, p99';
	const measured = lateness(delays.percentile(99));
	return { figures: [{ name, target: '', measured }] };
}

/** One line for all keys that were used by one process, which knew the right limit. */
function refusedIn(findings: readonly Findings[]): Findings[] {
	const keys = findings.flatMap(({ refused }) => refused ?? []);
	if (keys.length === 0) return [];
	const most = Math.max(...keys.map(({ length }) => length));
	const name = '429 responses, single process, correct limit: most for one key';
	const figure = atMost(name, most, MOST_REFUSED);
	const how = `${keys.flat().length} for all ${keys.length} keys together`;
	return [{ figures: [explained(figure, how)] }];
}

async function main(): Promise<void> {
	const { quick, only, folder } = readArguments(argv);
	const chosen = scenarios.filter(
		({ name }) => only?.some((beginning) => name.startsWith(beginning)) ?? true,
	);
	if (chosen.length === 0) {
		throw new Error(`Choose one of ${scenarios.map(({ name }) => name).join(', ')}`);
	}
	say(`\nThe built node in n8n's own engine, on ${describeMachine()}\n`);
	const engine = await startEngine({ binaryMode: 'filesystem' });
	const setting = await Setting.open(engine, quick ? 0.2 : 1);
	try {
		const findings = await measureAll(chosen, setting);
		const figures = [...findings, ...refusedIn(findings)].flatMap((one) => one.figures);
		say(`\n${toTable(figures)}`);
		if (quick) say('With so few images these figures are for trying only.');
		if (folder !== undefined) {
			const command = ['npm run bench', ...(argv.length > 2 ? ['--', ...argv.slice(2)] : [])];
			const charts = drawCharts(collect(findings.map((one) => one.charts ?? {})));
			await writeDocument(folder, command.join(' '), figures, charts);
			say(`\nWritten: ${folder}/benchmarks.md and ${charts.length} charts\n`);
		}
		process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
	} finally {
		await setting.close();
		await engine.close();
	}
}

main().catch((error: unknown) => {
	process.exitCode = 1;
	say(error instanceof Error ? (error.stack ?? error.message) : String(error));
});
