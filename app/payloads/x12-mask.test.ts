import { describe, expect, it } from 'vitest';
import { maskX12, maskX12Like, unmaskX12 } from './x12-mask.ts';

const isa =
  'ISA*00*          *00*          *08*9254110060     *ZZ*HARBOURGOODS   *260215*0930*U*00401*000000905*0*P*>~';
const order = `${isa}ST*850*0001~PER*BD*Iris Vane*TE*5185550144*EM*iris@north.example~N1*ST*Iris Vane*92*S012~N3*400 Canal Road~N4*Albany*NY*12207~REF*ZZ*mail to ops@north.example~SE*6*0001~`;

describe('personal data in an EDI document', () => {
  it('is hidden: names, streets, numbers and addresses, wherever an e-mail stands', () => {
    const { text, hidden } = maskX12(order);
    expect(hidden).toBe(6);
    expect(text.slice(isa.length)).toBe(
      'ST*850*0001~PER*BD*‹hidden 1›*TE*‹hidden 2›*EM*‹hidden 3›~N1*ST*‹hidden 4›*92*S012~N3*‹hidden 5›~N4*Albany*NY*12207~REF*ZZ*‹hidden 6›~SE*6*0001~',
    );
  });
  it('comes back byte for byte, also from a document that was edited around it', () => {
    expect(unmaskX12(maskX12(order).text, order)).toBe(order);
    expect(unmaskX12(maskX12(order).text.replace('S012', 'S013'), order)).toBe(order.replace('S012', 'S013'));
    expect(unmaskX12('N1*ST*‹hidden 9›~', order)).toBe('N1*ST*‹hidden 9›~');
  });
  it('is hidden with all around it where no segment can be told', () => {
    expect(maskX12('PRIVATE*for Iris Vane').text).toBe('‹hidden 1›');
    expect(unmaskX12('‹hidden 1›', 'PRIVATE*for Iris Vane')).toBe('PRIVATE*for Iris Vane');
  });
  it('is hidden with all around it where a terminator is missing or a segment has no name', () => {
    for (const broken of [
      `${isa}GS*PO*A*B\nN1*ST*Iris Vane\nN3*400 Canal Road`,
      `${isa}REF*ZZ*1\nN3*400 Canal Road~`,
      `${isa}n1*ST*Iris Vane~`,
      `${isa}constructor*Iris Vane~`,
    ]) {
      const { text } = maskX12(broken);
      expect(text).not.toMatch(/Iris|Canal/);
      expect(unmaskX12(text, broken)).toBe(broken);
    }
  });
  it('of another document is named when it has no number in this one', () => {
    expect(maskX12Like(order.replace('400 Canal Road', '1 Elsewhere'), order)).toMatchObject({
      foreign: ['1 Elsewhere'],
    });
    expect(maskX12Like(order, order).text).toContain('N3*‹hidden 5›');
  });
});
