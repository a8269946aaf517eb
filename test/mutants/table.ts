import { AREA_MUTANTS } from './area';
import { INPUT_MUTANTS } from './input';
import type { Mutant } from './mutant';
import { PICTURE_MUTANTS } from './picture';
import { PNG_MUTANTS } from './png';
import { SCHEDULE_MUTANTS } from './schedule';

export const MUTANTS: readonly Mutant[] = [
	...PICTURE_MUTANTS,
	...PNG_MUTANTS,
	...AREA_MUTANTS,
	...INPUT_MUTANTS,
	...SCHEDULE_MUTANTS,
];
