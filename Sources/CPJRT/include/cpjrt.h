// Calls of a PJRT plugin that Swift can make: each fills the interface's argument, waits for the event that it gets
// back, and returns a failure in the plugin's own words, or null.
#pragma once
#include "pjrt_interface.h"

#pragma clang assume_nonnull begin

/// A failure: `cpjrt_failure_free` frees it.
typedef struct {
  /// As absl's status codes have it; 8 says that memory was lacking. Negative: a failure of this file's own.
  int code;
  /// What the plugin, or the loader, said.
  char words[];
} cpjrt_failure;

static const int cpjrt_cannot_load = -1, cpjrt_no_plugin = -2, cpjrt_other_version = -3;

/// What was said, good until the failure is freed: Swift does not see a field without a size.
static inline const char *cpjrt_failure_words(const cpjrt_failure *failure) { return failure->words; }
void cpjrt_failure_free(cpjrt_failure *_Nullable failure);

/// Loads a library and initialises it as a plugin. It is never unloaded: its threads outlive every client.
cpjrt_failure *_Nullable cpjrt_open(const char *path, const pjrt_table *_Nullable *_Nonnull table);

/// - Parameter visible: the only device that the client may take; negative for a plugin that has no such option.
cpjrt_failure *_Nullable cpjrt_client(
    const pjrt_table *table, int64_t visible, pjrt_client *_Nullable *_Nonnull client);
void cpjrt_client_free(const pjrt_table *table, pjrt_client *client);

/// Text of the client's, good as long as the client. `place` is that of platform name or version.
cpjrt_failure *_Nullable cpjrt_client_text(
    const pjrt_table *table, enum pjrt_place place, pjrt_client *client, const char *_Nullable *_Nonnull text,
    size_t *count);
/// The devices that the client can use; the list is the client's.
cpjrt_failure *_Nullable cpjrt_devices(
    const pjrt_table *table, pjrt_client *client, pjrt_device *_Nonnull const *_Nullable *_Nonnull devices,
    size_t *count);
/// A device's number, and what kind of device it is.
cpjrt_failure *_Nullable cpjrt_device(
    const pjrt_table *table, pjrt_device *device, int *number, const char *_Nullable *_Nonnull kind, size_t *count);
/// Bytes that the device's allocator has handed out at most, and may hand out; -1 where the plugin does not tell.
void cpjrt_device_memory(const pjrt_table *table, pjrt_device *device, int64_t *peak, int64_t *limit);

/// Compiles StableHLO text; `options` is a serialised CompileOptionsProto.
cpjrt_failure *_Nullable cpjrt_compile(
    const pjrt_table *table, pjrt_client *client, const char *text, size_t count, const uint8_t *options,
    size_t option_count, pjrt_program_loaded *_Nullable *_Nonnull program, size_t *outputs);
void cpjrt_program_free(const pjrt_table *table, pjrt_program_loaded *program);

/// Bytes on the device, as the compiler counted them.
typedef struct {
  int64_t arguments, outputs;
  /// Of the outputs, those that take the place of arguments.
  int64_t aliases;
  int64_t temporary, code;
} cpjrt_memory;
/// What a program takes; `is_told` is false where the plugin has no such function or does not implement it.
cpjrt_failure *_Nullable cpjrt_program_memory(
    const pjrt_table *table, pjrt_program_loaded *program, cpjrt_memory *memory, bool *is_told);

/// Copies numbers to a device, dense, the last side fastest; `data` is free again when this returns.
cpjrt_failure *_Nullable cpjrt_upload(
    const pjrt_table *table, pjrt_client *client, pjrt_device *device, const void *data, int type,
    const int64_t *sides, size_t side_count, pjrt_buffer *_Nullable *_Nonnull buffer);
/// Copies a buffer's `count` bytes to `target`, dense, the last side fastest.
cpjrt_failure *_Nullable cpjrt_download(
    const pjrt_table *table, pjrt_buffer *buffer, void *target, size_t count);
void cpjrt_buffer_free(const pjrt_table *table, pjrt_buffer *buffer);

/// Runs a program on the device it was compiled for, and waits until the device is done.
cpjrt_failure *_Nullable cpjrt_execute(
    const pjrt_table *table, pjrt_program_loaded *program, pjrt_buffer *_Nonnull const *_Nonnull inputs,
    size_t input_count, pjrt_buffer *_Nullable *_Nonnull outputs);

#pragma clang assume_nonnull end
