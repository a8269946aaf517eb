import { plainName, safeName, sentName, stem } from '../../../nodes/PicWish/picture/fileName';

test.each([
	['photo.jpg', 'photo.jpg'],
	['  photo.jpg ', 'photo.jpg'],
	['folder/photo.jpg', 'photo.jpg'],
	['C:\\photos\\photo.jpg', 'photo.jpg'],
	['../../etc/passwd', 'passwd'],
	['pho\0to\n.jpg', 'photo.jpg'],
	['folder/', 'image'],
	['', 'image'],
	[undefined, 'image'],
])('%j is shown and stored as %j', (given, shown) => {
	expect(plainName(given)).toBe(shown);
});

test('a name may be left empty where the caller has another', () => {
	expect(safeName('folder/ ')).toBe('');
});

test.each([
	['folder/photo.jpg', 'folder/photo.jpg'],
	['pho\0to.jpg', 'photo.jpg'],
	['two\r\nlines.jpg', 'two\r\nlines.jpg'],
	['\0', 'image'],
	[undefined, 'image'],
])('%j is sent as %j', (given, sent) => {
	expect(sentName(given)).toBe(sent);
});

test.each([
	['photo.jpg', 'photo'],
	['photo.final.jpeg', 'photo.final'],
	['photo.tiff', 'photo'],
	['.jpg', '.jpg'],
	['photo', 'photo'],
	['Dr. Strange', 'Dr. Strange'],
])('%j without its extension is %j', (name, expected) => {
	expect(stem(name)).toBe(expected);
});
