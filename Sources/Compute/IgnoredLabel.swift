/// What stands in a label volume where nobody has annotated, above every class (at most 255 of them, with the background): such
/// a voxel has no loss, and no score counts it.
package let ignoredLabel = UInt8.max
