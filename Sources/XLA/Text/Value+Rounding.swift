/// What the precision `bfloat16` rounds, as PyTorch's autocast does on a card; with any other precision nothing here does
/// anything. Roundings are to nearest, ties to even, with 8 significant bits: 2⁻⁸ of a number at most.
///
/// | what | in bfloat16 | why |
/// |---|---|---|
/// | operands of convolutions, their transposes and the products of attention, forward and back | yes | what a card multiplies many times faster |
/// | their sums | no | the products of thousands of numbers would drown |
/// | results of convolutions, gradients of kernels among them | yes | a card's convolutions give the type that they take |
/// | results of matrix products: scores of attention, gradients of transposed kernels | no | these may, and softmax amplifies what scores lose |
/// | what every operation hands to the next, and the gradient that it hands back | yes | half the memory, and half of what elementwise work moves |
/// | inside of operations: statistics and factors of norms, softmax, sigmoid, GELU, resampling, sums over voxels | no | differences of nearly equal numbers, and long sums |
/// | loss, and the class scores' softmax in it | no | the same; the scores themselves are what the last convolution gave |
/// | parameters, moments, averages, statistics, clipping | no | a step changes a parameter by less than bfloat16 sees |
///
/// Parameters so are rounded anew in every step, from masters in single precision, and checkpoints are as of any precision. The
/// image is rounded as the first convolution's operand.
///
/// The processor's engine rounds less: nothing in convolutions that it sums over large windows or of the image, and what it keeps
/// is single precision but for what a normalisation alone reads after a convolution. So a network's numbers there are between those of
/// `float32` and of a device. Also, it takes numbers below 2⁻¹²⁶ for zero, and a device need not.
extension Value {
  /// As a product takes it.
  var operand: Value { converted(to: .bfloat16) }

  /// As it is kept from one operation to another: the compiler stores what lies between the two conversions.
  var kept: Value { program.rounds ? operand.converted(to: element) : self }
}
