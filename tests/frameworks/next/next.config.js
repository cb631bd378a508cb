module.exports = {output: 'export'};
