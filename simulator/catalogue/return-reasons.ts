/** What the warehouses call the reasons of returns, with what each means and the condition such goods mostly are in. */
export const returnReasons = [
  { code: 'R10', means: 'changed_mind', condition: 'sellable' },
  { code: 'R20', means: 'too_small', condition: 'sellable' },
  { code: 'R21', means: 'too_large', condition: 'sellable' },
  { code: 'R30', means: 'defective', condition: 'defective' },
  { code: 'R31', means: 'damaged_in_transit', condition: 'damaged' },
  { code: 'R40', means: 'wrong_item', condition: 'sellable' },
] as const;
