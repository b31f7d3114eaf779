// The part of the PJRT C interface (OpenXLA) that this program uses, declared anew: version 0.x, as of 0.81.
//
// The interface promises that within one major version positions in the table and fields of arguments stay where they
// are and that new ones come at the end; every argument begins with the size that its caller knows, so that an older
// plugin ignores what it does not. Tests/pjrt_interface.py compares every offset below with the original header.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static const int pjrt_major = 0, pjrt_minor = 81;

// Objects of the plugin, seen through pointers only.
typedef struct pjrt_error pjrt_error;
typedef struct pjrt_event pjrt_event;
typedef struct pjrt_client pjrt_client;
typedef struct pjrt_device pjrt_device;
typedef struct pjrt_description pjrt_description;
typedef struct pjrt_program_loaded pjrt_program_loaded;
typedef struct pjrt_program_plain pjrt_program_plain;
typedef struct pjrt_buffer pjrt_buffer;

// ---- The table: one function for each name, in this order

enum pjrt_place {
  pjrt_error_destroy, pjrt_error_message, pjrt_error_get_code,
  pjrt_plugin_initialize, pjrt_plugin_attributes,
  pjrt_event_destroy, pjrt_event_is_ready, pjrt_event_error, pjrt_event_await, pjrt_event_on_ready,
  pjrt_client_create, pjrt_client_destroy, pjrt_client_platform_name, pjrt_client_process_index,
  pjrt_client_platform_version, pjrt_client_devices, pjrt_client_addressable_devices, pjrt_client_lookup_device,
  pjrt_client_lookup_addressable_device, pjrt_client_addressable_memories, pjrt_client_compile,
  pjrt_client_default_device_assignment, pjrt_client_buffer_from_host_buffer,
  pjrt_description_id, pjrt_description_process_index, pjrt_description_attributes, pjrt_description_kind,
  pjrt_description_debug_string, pjrt_description_to_string,
  pjrt_device_get_description, pjrt_device_is_addressable, pjrt_device_local_hardware_id,
  pjrt_device_addressable_memories, pjrt_device_default_memory, pjrt_device_memory_stats,
  pjrt_memory_id, pjrt_memory_kind, pjrt_memory_debug_string, pjrt_memory_to_string,
  pjrt_memory_addressable_by_devices,
  pjrt_executable_destroy, pjrt_executable_name, pjrt_executable_num_replicas, pjrt_executable_num_partitions,
  pjrt_executable_num_outputs, pjrt_executable_code_size, pjrt_executable_cost_analysis,
  pjrt_executable_output_memory_kinds, pjrt_executable_optimized_program, pjrt_executable_serialize,
  pjrt_loaded_destroy, pjrt_loaded_get_executable, pjrt_loaded_addressable_devices, pjrt_loaded_delete,
  pjrt_loaded_is_deleted, pjrt_loaded_execute, pjrt_executable_deserialize, pjrt_loaded_fingerprint,
  pjrt_buffer_destroy, pjrt_buffer_element_type, pjrt_buffer_dimensions, pjrt_buffer_unpadded_dimensions,
  pjrt_buffer_dynamic_dimensions, pjrt_buffer_memory_layout, pjrt_buffer_size_on_device, pjrt_buffer_device,
  pjrt_buffer_memory, pjrt_buffer_delete, pjrt_buffer_is_deleted, pjrt_buffer_copy_to_device,
  pjrt_buffer_to_host_buffer,
  pjrt_places,
};

// A function that came later: a plugin whose table ends before it has it not.
enum { pjrt_executable_memory_stats = pjrt_places + 25 };

// Every argument begins so.
#define PJRT_HEAD size_t size; void *extension

// Two functions return nothing; they are called through a cast.
typedef pjrt_error *(*pjrt_function)(void *arguments);

typedef struct {
  PJRT_HEAD;
  struct { PJRT_HEAD; int major, minor; } version;
  pjrt_function call[pjrt_places];
} pjrt_table;

// ---- Arguments; what a call writes stands behind what it reads

typedef struct { PJRT_HEAD; pjrt_error *error; } pjrt_error_destroy_arguments;
typedef struct { PJRT_HEAD; const pjrt_error *error; const char *words; size_t count; } pjrt_error_message_arguments;
typedef struct { PJRT_HEAD; const pjrt_error *error; int code; } pjrt_error_code_arguments;

static const int pjrt_code_resource_exhausted = 8, pjrt_code_unimplemented = 12;

enum { pjrt_value_int64_list = 2, pjrt_value_bool = 4 };
typedef struct {
  PJRT_HEAD;
  const char *name;
  size_t name_count;
  int kind;
  union {
    const char *string;
    int64_t integer;
    const int64_t *integers;
    float number;
    bool flag;
  } value;
  size_t value_count;
} pjrt_named_value;

typedef struct { PJRT_HEAD; } pjrt_initialize_arguments;

typedef struct { PJRT_HEAD; pjrt_event *event; } pjrt_event_arguments;

typedef struct {
  PJRT_HEAD;
  const pjrt_named_value *options;
  size_t option_count;
  void *get, *get_context, *put, *put_context;
  pjrt_client *client;
  void *try_get, *try_get_context;
} pjrt_create_arguments;

typedef struct { PJRT_HEAD; pjrt_client *client; } pjrt_client_arguments;
typedef struct { PJRT_HEAD; pjrt_client *client; const char *text; size_t count; } pjrt_client_text_arguments;
typedef struct { PJRT_HEAD; pjrt_client *client; pjrt_device *const *devices; size_t count; } pjrt_devices_arguments;

typedef struct { PJRT_HEAD; char *code; size_t code_count; const char *format; size_t format_count; } pjrt_program;
typedef struct {
  PJRT_HEAD;
  pjrt_client *client;
  const pjrt_program *program;
  const char *options;
  size_t option_count;
  pjrt_program_loaded *executable;
} pjrt_compile_arguments;

static const int pjrt_type_s32 = 4, pjrt_type_u8 = 6, pjrt_type_f32 = 11, pjrt_type_f64 = 12;
enum { pjrt_host_only_during_call = 0 };
typedef struct {
  PJRT_HEAD;
  pjrt_client *client;
  const void *data;
  int type;
  const int64_t *sides;
  size_t side_count;
  const int64_t *strides;
  size_t stride_count;
  int semantics;
  pjrt_device *device;
  void *memory, *layout;
  pjrt_event *done;
  pjrt_buffer *buffer;
} pjrt_upload_arguments;

typedef struct { PJRT_HEAD; pjrt_device *device; pjrt_description *description; } pjrt_device_description_arguments;
typedef struct { PJRT_HEAD; pjrt_description *description; int id; } pjrt_description_id_arguments;
typedef struct { PJRT_HEAD; pjrt_description *description; const char *text; size_t count; } pjrt_description_text_arguments;

typedef struct { int64_t number; bool is_set; } pjrt_optional;
typedef struct {
  PJRT_HEAD;
  pjrt_device *device;
  int64_t bytes_in_use;
  pjrt_optional peak_bytes, allocations, largest_allocation, limit, reserved, peak_reserved, reservable, largest_free;
  pjrt_optional pool, peak_pool;
} pjrt_memory_arguments;

typedef struct { PJRT_HEAD; pjrt_program_loaded *executable; } pjrt_loaded_arguments;
typedef struct { PJRT_HEAD; pjrt_program_loaded *loaded; pjrt_program_plain *executable; } pjrt_loaded_plain_arguments;
typedef struct { PJRT_HEAD; pjrt_program_plain *executable; } pjrt_plain_arguments;
typedef struct { PJRT_HEAD; pjrt_program_plain *executable; size_t count; } pjrt_output_count_arguments;
typedef struct {
  PJRT_HEAD;
  pjrt_program_plain *executable;
  int64_t code, arguments, outputs, aliases, temporary;
  int64_t host_code, host_arguments, host_outputs, host_aliases, host_temporary;
  int64_t peak;
} pjrt_program_memory_arguments;

typedef struct {
  PJRT_HEAD;
  void *send_callbacks, *receive_callbacks;
  size_t sends, receives;
  int launch;
  const int64_t *kept_inputs;
  size_t kept_input_count;
  void *context;
  const char *call_location;
  size_t tasks;
  int *task_ids;
  int64_t *incarnations;
} pjrt_execute_options;

typedef struct {
  PJRT_HEAD;
  pjrt_program_loaded *executable;
  pjrt_execute_options *options;
  pjrt_buffer *const *const *inputs;
  size_t device_count, input_count;
  pjrt_buffer **const *outputs;
  pjrt_event **complete;
  pjrt_device *device;
} pjrt_execute_arguments;

typedef struct { PJRT_HEAD; pjrt_buffer *buffer; } pjrt_buffer_arguments;
typedef struct { PJRT_HEAD; pjrt_buffer *source; void *layout; void *target; size_t count; pjrt_event *event; } pjrt_download_arguments;
