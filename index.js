const { PicWishApi } = require('./dist/credentials/PicWishApi.credentials.js');
const { PicWish } = require('./dist/nodes/PicWish/PicWish.node.js');

module.exports = { PicWish, PicWishApi };
