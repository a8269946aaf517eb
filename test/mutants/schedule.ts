// The numbers of schedule/, and what else decides there.

import { type Mutant, mutantsOf } from './mutant';

const SCHEDULE = ['pace', 'freePolls', 'durations', 'account', 'mixedWork.slow', 'batch.slow'].map(
	(name) => `test/unit/schedule/${name}.test.ts`,
);

/** Numbers of the schedule, as they are declared: each is multiplied and divided by three. */
const NUMBERS: Record<string, string[]> = {
	'schedule/pace.ts': [
		'GUARD_MS = 35',
		'LATE_MARGIN_MS = 20',
		'COLD_START_MS = 100',
		'COLD_AFTER_MS = 5000',
		'LATEST_MS = 100',
		'SLOW_DOWN = 0.35',
		'SPEED_UP_PER_S = 0.02',
		'JITTER_MS = 150',
		'LONGEST_BACKOFF_MS = 500',
	],
	'schedule/freePolls.ts': [
		'MOST_TRIALS = 3',
		'REFUSALS_ENOUGH = 2',
		'TRIAL_MS = 3000',
		'BETWEEN_TRIALS_MS = 10_000',
		'POLLS_PER_LIMIT = 2',
	],
	'schedule/durations.ts': ['REMEMBERED_TASKS = 100', 'SHORTEST_MS = 1000'],
	'schedule/run.ts': [
		'LONGEST_BEFORE_POLL_MS = 60_000',
		'SHARE_OF_MAX_WAIT = 0.4',
		'SHORTEST_POLL_GAP_MS = 1000',
	],
	'schedule/account.ts': ['BUSY_CHECK_MS = 10'],
};

/** What is no plain number, or cannot be three times as much. */
const OTHERS: Array<Omit<Mutant, 'tests'>> = [
	{ file: 'schedule/pace.ts', from: 'SAFETY = 1.035', to: 'SAFETY = 1.105' },
	{ file: 'schedule/pace.ts', from: 'SAFETY = 1.035', to: 'SAFETY = 1.012' },
	{ file: 'schedule/durations.ts', from: 'PROBABLY = 0.8', to: 'PROBABLY = 0.4' },
	{ file: 'schedule/durations.ts', from: 'PROBABLY = 0.8', to: 'PROBABLY = 0.93' },
	{ file: 'schedule/durations.ts', from: 'AT_FIRST = 0.5', to: 'AT_FIRST = 0.17' },
	{ file: 'schedule/durations.ts', from: 'AT_FIRST = 0.5', to: 'AT_FIRST = 0.83' },
	{ file: 'schedule/account.ts', from: '10 * 60 * 1000', to: '30 * 60 * 1000' },
	{ file: 'schedule/account.ts', from: '10 * 60 * 1000', to: '3 * 60 * 1000' },
	{
		file: 'schedule/account.ts',
		from: 'if (run.open.delete(task)) this.wake();',
		to: 'run.open.delete(task);',
	},
	{
		file: 'schedule/account.ts',
		from: 'this.durations.set(kind, known);',
		to: "this.durations.set(kind, known); this.durations.set('another', known);",
	},
	{
		file: 'schedule/account.ts',
		from: 'this.runs.delete(run);\n\t\tthis.lastUsedAt',
		to: 'this.lastUsedAt',
	},
	{
		file: 'schedule/account.ts',
		from: 'this.runs.delete(run);\n\t\tthis.runs.add(run);',
		to: '',
	},
	{
		file: 'schedule/account.ts',
		from: 'this.freePolls.free && run.firstCreate !== undefined',
		to: 'false',
	},
	{
		file: 'schedule/freePolls.ts',
		from: 'this.free = false;\n\t\tthis.trialEndsAt = this.clock.now();',
		to: 'this.free = false;',
	},
	{ file: 'schedule/run.ts', from: 'points <= highest', to: 'points < highest' },
];

export const SCHEDULE_MUTANTS: Mutant[] = [
	...mutantsOf(
		'schedule/stop.ts',
		['unit/schedule/stop'],
		[['return () => this.listeners.delete(listener);', 'return () => {};']],
	),
	...mutantsOf(
		'schedule/clock.ts',
		['unit/schedule/stop'],
		[[' LONGEST_TIMER_MS = 250;', ' LONGEST_TIMER_MS = 750;']],
	),
	...Object.entries(NUMBERS).flatMap(([file, declarations]) =>
		declarations.flatMap((from) =>
			['* 3', '/ 3'].map((change) => {
				const [name, value] = from.split(' = ');
				const whole = ` ${from};`;
				return { file, from: whole, to: ` ${name} = ${value} ${change};`, tests: SCHEDULE };
			}),
		),
	),
	...OTHERS.map((mutant) => ({ ...mutant, tests: SCHEDULE })),
];
