import { expect, test } from 'vitest';
import { orderView } from '#tests/support/flow-view.ts';
import { channelOf } from '../../order/order-data.ts';
import { emptyReturnData, type ReturnView } from '../return-data.ts';
import { refundPayment } from './refund-payment.ts';

test('a share that is left comes to its step also where the payment system is only observed since: it is recorded as not sent', () => {
  const { data: _, ...order } = orderView();
  const shares = ['first', 'second'].map((reference) => ({ reference, amount: '5.00', gift_card: false }));
  const data = { ...emptyReturnData({ intake_seq: 7, received: { intake_seq: 7 } }), shares, refunds: ['re_1'] };
  const { payment } = channelOf(orderView());
  const systems = order.estate.systems.map((one) => (one.id === payment ? { ...one, mode: 'observe' as const } : one));
  const view = (passed_over: string[]): ReturnView => ({
    ...order,
    estate: { ...order.estate, systems },
    data,
    state: { ...order.state, data, passed_over },
  });
  expect(refundPayment.next(view([]))).toBe('refund_payment');
  expect(refundPayment.next(view([payment]))).toBe('notify_customer');
});
