import type { IAuthenticateGeneric, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class PicWishApi implements ICredentialType {
	name = 'picWishApi';

	displayName = 'PicWish API';

	icon: Icon = {
		light: 'file:../nodes/PicWish/picwish.svg',
		dark: 'file:../nodes/PicWish/picwish.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-picwish/n8n-nodes-picwish#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'From your PicWish account, under API Key',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{
					name: 'Global',
					value: 'global',
					description: 'Keys of picwish.com (techhk.aoscdn.com)',
				},
				{
					name: 'Mainland China',
					value: 'china',
					description: 'Keys of picwish.cn (techsz.aoscdn.com)',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'Another address, such as a test server or your own proxy',
				},
			],
			default: 'global',
			description: 'Where your PicWish account lives. A key works in its own region only.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { region: ['custom'] } },
			required: true,
			default: '',
			placeholder: 'e.g. http://127.0.0.1:8787',
			description: 'The address before /api/tasks. The API key is sent there.',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			typeOptions: { minValue: 0.1 },
			default: 2,
			description:
				'The request limit (QPS) of your PicWish account. All workflows that use this key share it. New accounts have 2.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'X-API-KEY': '={{$credentials.apiKey.trim()}}' } },
	};

	httpRequestNode = {
		name: 'PicWish',
		docsUrl: 'https://picwish.com/image-watermark-removal-api-doc',
		apiBaseUrlPlaceholder: 'https://techhk.aoscdn.com/api/tasks/visual/inpaint',
	};
}
