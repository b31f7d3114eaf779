import Store

extension NumericsVersion {
  /// Of this program. Raise it with every change after which the same plan trains to other bits: a kernel's order of
  /// sums, the table which kernel serves which shape, an optimiser, a draw of augmentation, a loss. `NumericsTests` pins
  /// the bits of one training step and the kernels that serve it, and fails with the words "these bits changed: raise
  /// the numerics version".
  ///
  /// | version | bits |
  /// |---|---|
  /// | 1 | never written: of all programs up to 0.1.0 that did not record one, which differ among themselves |
  /// | 2 | the first that is recorded: deep Winograd transforms, bfloat16 storage ahead of normalisations |
  package static let current = NumericsVersion(rawValue: 2)
}
