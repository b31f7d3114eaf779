#include "include/cpjrt.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// An argument with its head filled in.
#define ARGUMENTS(type, name) type name = {.size = sizeof name}

static cpjrt_failure *failure(int code, const char *words, size_t count) {
  cpjrt_failure *made = malloc(sizeof *made + count + 1);
  if (!made) abort();
  made->code = code;
  memcpy(made->words, words, count);
  made->words[count] = 0;
  return made;
}

void cpjrt_failure_free(cpjrt_failure *it) { free(it); }

/// Takes an error of the plugin's over; null for none.
static cpjrt_failure *taken(const pjrt_table *table, pjrt_error *error) {
  if (!error) return NULL;
  ARGUMENTS(pjrt_error_message_arguments, message);
  ARGUMENTS(pjrt_error_code_arguments, code);
  ARGUMENTS(pjrt_error_destroy_arguments, destroy);
  message.error = code.error = destroy.error = error;
  ((void (*)(void *))table->call[pjrt_error_message])(&message);
  code.code = 2;  // unknown, where even this call fails
  cpjrt_failure *ignored = taken(table, table->call[pjrt_error_get_code](&code));
  cpjrt_failure_free(ignored);
  cpjrt_failure *made = failure(code.code, message.words ? message.words : "", message.words ? message.count : 0);
  ((void (*)(void *))table->call[pjrt_error_destroy])(&destroy);
  return made;
}

static cpjrt_failure *called(const pjrt_table *table, enum pjrt_place place, void *arguments) {
  return taken(table, table->call[place](arguments));
}

/// Waits for an event and frees it.
static cpjrt_failure *awaited(const pjrt_table *table, pjrt_event *event) {
  if (!event) return NULL;
  ARGUMENTS(pjrt_event_arguments, arguments);
  arguments.event = event;
  cpjrt_failure *result = called(table, pjrt_event_await, &arguments);
  cpjrt_failure_free(called(table, pjrt_event_destroy, &arguments));
  return result;
}

// ---- Plugin and client

cpjrt_failure *cpjrt_open(const char *path, const pjrt_table **table) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *words = dlerror();
    return failure(cpjrt_cannot_load, words, strlen(words));
  }
  const pjrt_table *(*entry)(void) = (const pjrt_table *(*)(void))dlsym(library, "GetPjrtApi");
  if (!entry) return failure(cpjrt_no_plugin, path, strlen(path));
  const pjrt_table *found = entry();
  if (!found || found->size < sizeof *found || found->version.major != pjrt_major) {
    char words[64];
    const int count =
        snprintf(words, sizeof words, "%d.%d", found ? found->version.major : -1, found ? found->version.minor : -1);
    return failure(cpjrt_other_version, words, (size_t)count);
  }
  ARGUMENTS(pjrt_initialize_arguments, arguments);
  cpjrt_failure *failed = called(found, pjrt_plugin_initialize, &arguments);
  if (!failed) *table = found;
  return failed;
}

cpjrt_failure *cpjrt_client(const pjrt_table *table, int64_t visible, pjrt_client **client) {
  const char devices[] = "visible_devices", preallocate[] = "preallocate";
  pjrt_named_value options[2] = {
      {.size = sizeof *options, .name = devices, .name_count = sizeof devices - 1, .kind = pjrt_value_int64_list,
       .value.integers = &visible, .value_count = 1},
      {.size = sizeof *options, .name = preallocate, .name_count = sizeof preallocate - 1, .kind = pjrt_value_bool,
       .value.flag = false, .value_count = 1}};
  ARGUMENTS(pjrt_create_arguments, arguments);
  if (visible >= 0) {
    arguments.options = options;
    arguments.option_count = 2;
  }
  cpjrt_failure *failed = called(table, pjrt_client_create, &arguments);
  *client = arguments.client;
  return failed;
}

void cpjrt_client_free(const pjrt_table *table, pjrt_client *client) {
  ARGUMENTS(pjrt_client_arguments, arguments);
  arguments.client = client;
  cpjrt_failure_free(called(table, pjrt_client_destroy, &arguments));
}

cpjrt_failure *cpjrt_client_text(
    const pjrt_table *table, enum pjrt_place place, pjrt_client *client, const char **text, size_t *count) {
  ARGUMENTS(pjrt_client_text_arguments, arguments);
  arguments.client = client;
  cpjrt_failure *failed = called(table, place, &arguments);
  *text = arguments.text;
  *count = arguments.count;
  return failed;
}

// ---- Devices

cpjrt_failure *cpjrt_devices(
    const pjrt_table *table, pjrt_client *client, pjrt_device *const **devices, size_t *count) {
  ARGUMENTS(pjrt_devices_arguments, arguments);
  arguments.client = client;
  cpjrt_failure *failed = called(table, pjrt_client_addressable_devices, &arguments);
  *devices = arguments.devices;
  *count = arguments.count;
  return failed;
}

cpjrt_failure *cpjrt_device(
    const pjrt_table *table, pjrt_device *device, int *number, const char **kind, size_t *count) {
  ARGUMENTS(pjrt_device_description_arguments, description);
  description.device = device;
  cpjrt_failure *failed = called(table, pjrt_device_get_description, &description);
  if (failed) return failed;
  ARGUMENTS(pjrt_description_id_arguments, id);
  id.description = description.description;
  if ((failed = called(table, pjrt_description_id, &id))) return failed;
  *number = id.id;
  ARGUMENTS(pjrt_description_text_arguments, text);
  text.description = description.description;
  failed = called(table, pjrt_description_kind, &text);
  *kind = text.text;
  *count = text.count;
  return failed;
}

void cpjrt_device_memory(const pjrt_table *table, pjrt_device *device, int64_t *peak, int64_t *limit) {
  ARGUMENTS(pjrt_memory_arguments, arguments);
  arguments.device = device;
  cpjrt_failure *failed = called(table, pjrt_device_memory_stats, &arguments);
  *peak = !failed && arguments.peak_bytes.is_set ? arguments.peak_bytes.number : -1;
  *limit = !failed && arguments.limit.is_set ? arguments.limit.number : -1;
  cpjrt_failure_free(failed);
}

// ---- Programs and buffers

/// The program as it was compiled, which `plain_free` frees.
static cpjrt_failure *plain(const pjrt_table *table, pjrt_program_loaded *program, pjrt_program_plain **plain) {
  ARGUMENTS(pjrt_loaded_plain_arguments, arguments);
  arguments.loaded = program;
  cpjrt_failure *failed = called(table, pjrt_loaded_get_executable, &arguments);
  *plain = arguments.executable;
  return failed;
}

static void plain_free(const pjrt_table *table, pjrt_program_plain *plain) {
  ARGUMENTS(pjrt_plain_arguments, done);
  done.executable = plain;
  cpjrt_failure_free(called(table, pjrt_executable_destroy, &done));
}

/// How many buffers the program returns.
static cpjrt_failure *count_outputs(const pjrt_table *table, pjrt_program_loaded *program, size_t *outputs) {
  ARGUMENTS(pjrt_output_count_arguments, count);
  cpjrt_failure *failed = plain(table, program, &count.executable);
  if (failed) return failed;
  failed = called(table, pjrt_executable_num_outputs, &count);
  *outputs = count.count;
  plain_free(table, count.executable);
  return failed;
}

/// A function that not every plugin's table is long enough for.
static pjrt_function later(const pjrt_table *table, int place) {
  const size_t offset = offsetof(pjrt_table, call) + (size_t)place * sizeof(pjrt_function);
  if (table->size < offset + sizeof(pjrt_function)) return NULL;
  return *(const pjrt_function *)((const char *)table + offset);
}

cpjrt_failure *cpjrt_program_memory(
    const pjrt_table *table, pjrt_program_loaded *program, cpjrt_memory *memory, bool *is_told) {
  const pjrt_function function = later(table, pjrt_executable_memory_stats);
  *is_told = false;
  if (!function) return NULL;
  ARGUMENTS(pjrt_program_memory_arguments, arguments);
  cpjrt_failure *failed = plain(table, program, &arguments.executable);
  if (failed) return failed;
  failed = taken(table, function(&arguments));
  plain_free(table, arguments.executable);
  *is_told = !failed;
  *memory = (cpjrt_memory){.arguments = arguments.arguments, .outputs = arguments.outputs, .aliases = arguments.aliases,
                           .temporary = arguments.temporary, .code = arguments.code};
  if (!failed || failed->code != pjrt_code_unimplemented) return failed;
  cpjrt_failure_free(failed);
  return NULL;
}

cpjrt_failure *cpjrt_compile(
    const pjrt_table *table, pjrt_client *client, const char *text, size_t count, const uint8_t *options,
    size_t option_count, pjrt_program_loaded **program, size_t *outputs) {
  const char format[] = "mlir";
  pjrt_program source = {.size = sizeof source, .code = (char *)text, .code_count = count, .format = format,
                         .format_count = sizeof format - 1};
  ARGUMENTS(pjrt_compile_arguments, arguments);
  arguments.client = client;
  arguments.program = &source;
  arguments.options = (const char *)options;
  arguments.option_count = option_count;
  cpjrt_failure *failed = called(table, pjrt_client_compile, &arguments);
  if (failed) return failed;
  *program = arguments.executable;
  failed = count_outputs(table, *program, outputs);
  if (failed) cpjrt_program_free(table, *program);
  return failed;
}

void cpjrt_program_free(const pjrt_table *table, pjrt_program_loaded *program) {
  ARGUMENTS(pjrt_loaded_arguments, arguments);
  arguments.executable = program;
  cpjrt_failure_free(called(table, pjrt_loaded_destroy, &arguments));
}

cpjrt_failure *cpjrt_upload(
    const pjrt_table *table, pjrt_client *client, pjrt_device *device, const void *data, int type,
    const int64_t *sides, size_t side_count, pjrt_buffer **buffer) {
  ARGUMENTS(pjrt_upload_arguments, arguments);
  arguments.client = client;
  arguments.device = device;
  arguments.data = data;
  arguments.type = type;
  arguments.sides = sides;
  arguments.side_count = side_count;
  arguments.semantics = pjrt_host_only_during_call;
  cpjrt_failure *failed = called(table, pjrt_client_buffer_from_host_buffer, &arguments);
  if (failed) return failed;
  *buffer = arguments.buffer;
  failed = awaited(table, arguments.done);
  if (failed) cpjrt_buffer_free(table, *buffer);
  return failed;
}

cpjrt_failure *cpjrt_download(const pjrt_table *table, pjrt_buffer *buffer, void *target, size_t count) {
  ARGUMENTS(pjrt_download_arguments, arguments);
  arguments.source = buffer;
  arguments.target = target;
  arguments.count = count;
  cpjrt_failure *failed = called(table, pjrt_buffer_to_host_buffer, &arguments);
  return failed ? failed : awaited(table, arguments.event);
}

void cpjrt_buffer_free(const pjrt_table *table, pjrt_buffer *buffer) {
  ARGUMENTS(pjrt_buffer_arguments, arguments);
  arguments.buffer = buffer;
  cpjrt_failure_free(called(table, pjrt_buffer_destroy, &arguments));
}

cpjrt_failure *cpjrt_execute(
    const pjrt_table *table, pjrt_program_loaded *program, pjrt_buffer *const *inputs, size_t input_count,
    pjrt_buffer **outputs) {
  pjrt_execute_options options = {.size = sizeof options};
  pjrt_event *complete = NULL;
  pjrt_buffer *const *input_lists[1] = {inputs};
  pjrt_buffer **output_lists[1] = {outputs};
  ARGUMENTS(pjrt_execute_arguments, arguments);
  arguments.executable = program;
  arguments.options = &options;
  arguments.inputs = input_lists;
  arguments.outputs = output_lists;
  arguments.device_count = 1;
  arguments.input_count = input_count;
  arguments.complete = &complete;
  cpjrt_failure *failed = called(table, pjrt_loaded_execute, &arguments);
  return failed ? failed : awaited(table, complete);
}
