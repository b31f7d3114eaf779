/// How often one call of a kernel goes over its tensors, by design: each time from one end to the other, so that what it
/// read before may have left the caches.
///
/// Results are written once. What a kernel keeps in its threads' own scratch is not counted: it is made to fit a cache.
package struct Passes: Equatable, Sendable {
  /// Over every input that the call reads, and over its output where backward reads it.
  package var activations: Int
  /// Over the gradient of its output, backward.
  package var gradient: Int
  /// Products of numbers that the call makes; nil where they are those of the operation's definition.
  package var products: Int?

  /// Once over everything, unless said otherwise.
  package init(activations: Int = 1, gradient: Int = 1, products: Int? = nil) {
    (self.activations, self.gradient, self.products) = (activations, gradient, products)
  }

  /// What of a kernel is called.
  package enum Call: Sendable {
    case forward(Mode), recompute
    /// Backward, with the gradient of an input or for parameters alone.
    case backward(givesInput: Bool)
  }
}
