export const ran = 'the module ran';
