import { useContext } from 'react';
import type { Desk } from '../desk.js';
import { DeskContext } from './desk-context.js';

/** The console that this component belongs to. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('a component of the console was used outside of it');
  return desk;
}
