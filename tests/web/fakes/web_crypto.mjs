// Web Crypto as a browser has it. Node 18 has it in a module alone.
import {webcrypto} from 'node:crypto';

globalThis.crypto ??= webcrypto;
