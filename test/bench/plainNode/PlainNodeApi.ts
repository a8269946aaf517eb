import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** As much of a credential as the comparison needs. */
export class PlainNodeApi implements ICredentialType {
	name = 'plainNodeApi';

	displayName = 'Plain Node API';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
	];

	authenticate = {
		type: 'generic',
		properties: { headers: { 'X-API-KEY': '={{ $credentials.apiKey }}' } },
	} as const;
}
