#if canImport(Glibc)
  import Glibc
#endif

/// Zeroed memory on a cache-line boundary (2 MiB when large, so that the system may use huge pages).
///
/// Unchecked: those who share one take care that no two threads write the same element.
package final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  /// How many elements it holds.
  package let count: Int
  /// The first element, 64-byte aligned.
  package let base: UnsafeMutablePointer<Element>

  /// Memory for so many elements.
  package init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) elements")
    let bytes = max(count * MemoryLayout<Element>.stride, 64)
    let alignment = bytes >= 4 << 20 ? 2 << 20 : 64
    var raw: UnsafeMutableRawPointer?
    let status = posix_memalign(&raw, alignment, (bytes + alignment - 1) / alignment * alignment)
    guard status == 0, let raw else { fatalError("out of memory: \(bytes) bytes for \(count) elements") }
    #if os(Linux)
      // Page faults and address translation cost a step several percent otherwise; a refusal costs nothing else.
      if alignment > 64 { madvise(raw, bytes, MADV_HUGEPAGE) }
    #endif
    memset(raw, 0, bytes)
    self.count = count
    self.base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { free(base) }

  /// An element; the index is not checked.
  package subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }
}
