import { createContext } from 'react';
import type { Desk } from '../desk.js';

/** The console that the components belong to. */
export const DeskContext = createContext<Desk | undefined>(undefined);
