// All bodies in order, and the table of what they define. Included once per instruction set.
#include "functions.h"
#include "body.h"
#include "../norm/body.h"
#include "../attention/body.h"
#include "../resize/body.h"
#include "../loss/body.h"
#include "../optimizer/body.h"
#include "../peak/body.h"

const operations_table VARIANT(operations) = {
  .add = VARIANT(add),
  .add_backward = VARIANT(add_backward),
  .rectify = VARIANT(rectify),
  .multiply = VARIANT(multiply),
  .multiply_backward = VARIANT(multiply_backward),
  .sigmoid = VARIANT(sigmoid),
  .sigmoid_backward = VARIANT(sigmoid_backward),
  .scaled_add = VARIANT(scaled_add),
  .scale = VARIANT(scale),
  .dot = VARIANT(dot),
  .spread = VARIANT(spread),
  .column_sums = VARIANT(column_sums),
  .copy_channels = VARIANT(copy_channels),
  .norm_sums = VARIANT(norm_sums),
  .norm_apply = VARIANT(norm_apply),
  .norm_backward_sums = VARIANT(norm_backward_sums),
  .norm_backward_apply = VARIANT(norm_backward_apply),
  .softmax_rows = VARIANT(softmax_rows),
  .softmax_backward = VARIANT(softmax_backward),
  .resize = VARIANT(resize),
  .resize_backward = VARIANT(resize_backward),
  .loss = VARIANT(loss),
  .classify = VARIANT(classify),
  .adam = VARIANT(adam),
  .multiply_adds = VARIANT(multiply_adds),
};
