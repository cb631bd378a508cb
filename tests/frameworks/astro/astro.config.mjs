import {defineConfig} from 'astro/config';
import portero from 'portero/vite';

export default defineConfig({vite: {plugins: [portero({head: false})]}});
