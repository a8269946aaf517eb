import type { IDisplayOptions } from 'n8n-workflow';
import { TAKE_AREA } from './operationProperties';

/** Only for operations that need an area, and for this choice of Removal Area. */
export const showOnlyForArea = (removalArea: string): IDisplayOptions => ({
	show: {
		operation: TAKE_AREA,
		removalArea: [removalArea],
	},
});
