import { createContext, useContext } from 'react';

const NonceContext = createContext('');

export const NonceProvider = NonceContext.Provider;

/** Nonce of the page's content security policy, for whatever must add a style or script element (CodeMirror, Radix). */
export const useNonce = (): string => useContext(NonceContext);
