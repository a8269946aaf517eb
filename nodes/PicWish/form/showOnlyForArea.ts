import type { IDisplayOptions } from 'n8n-workflow';
import { TAKE_AREA } from './operationProperties';

/** For the operations that need an area, with this form of it. */
export const showOnlyForArea = (removalArea: string): IDisplayOptions => ({
	show: {
		operation: TAKE_AREA,
		removalArea: [removalArea],
	},
});
