// A PJRT plugin that fails as PLUGIN_FAULT says. With PLUGIN_REAL it is that plugin but for its faults; without, it has
// PLUGIN_CARDS cards that compute nothing, of which a client sees the one that it was told to take.
//
//   version   its interface is 99
//   old       its table ends where that of an earlier interface did
//   open      it aborts when a client is made
//   crash     it aborts at the PLUGIN_AT-th program that a process runs, once: a file PLUGIN_MARKER says that it has
//   memory    the device lacks memory for every program with the word PLUGIN_WORD in it
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pjrt_interface.h"

struct pjrt_error { int code; const char *words; };
struct pjrt_client { int card; pjrt_device *devices[1]; };

static const pjrt_table *real;
static pjrt_error no_memory = {8, "Out of memory while trying to allocate 123456789 bytes."};
static pjrt_error no_card = {3, "there is no such card"};

static int has_fault(const char *name) {
  const char *fault = getenv("PLUGIN_FAULT");
  return fault && !strcmp(fault, name);
}

static int is_own(const pjrt_error *error) { return !real || error == &no_memory || error == &no_card; }

static pjrt_error *error_destroy(void *arguments) {
  pjrt_error_destroy_arguments *it = arguments;
  if (!is_own(it->error)) real->call[pjrt_error_destroy](arguments);
  return NULL;
}

static pjrt_error *error_message(void *arguments) {
  pjrt_error_message_arguments *it = arguments;
  if (!is_own(it->error)) return real->call[pjrt_error_message](arguments);
  it->words = it->error->words;
  it->count = strlen(it->words);
  return NULL;
}

static pjrt_error *error_code(void *arguments) {
  pjrt_error_code_arguments *it = arguments;
  if (!is_own(it->error)) return real->call[pjrt_error_get_code](arguments);
  it->code = it->error->code;
  return NULL;
}

// ---- Cards that compute nothing

static pjrt_error *nothing(void *arguments) { return NULL; }

static pjrt_error *create(void *arguments) {
  pjrt_create_arguments *it = arguments;
  if (has_fault("open")) {
    fputs("the driver is gone\n", stderr);
    abort();
  }
  if (real) return real->call[pjrt_client_create](arguments);
  pjrt_client *client = calloc(1, sizeof *client);
  for (size_t index = 0; index < it->option_count; index++)
    if (it->options[index].kind == pjrt_value_int64_list) client->card = (int)*it->options[index].value.integers;
  const char *cards = getenv("PLUGIN_CARDS");
  if (client->card >= (cards ? atoi(cards) : 1)) return &no_card;
  client->devices[0] = (pjrt_device *)client;
  it->client = client;
  return NULL;
}

static pjrt_error *client_name(void *arguments) {
  pjrt_client_text_arguments *it = arguments;
  it->text = "cuda";
  it->count = 4;
  return NULL;
}

static pjrt_error *devices(void *arguments) {
  pjrt_devices_arguments *it = arguments;
  it->devices = it->client->devices;
  it->count = 1;
  return NULL;
}

static pjrt_error *description(void *arguments) {
  pjrt_device_description_arguments *it = arguments;
  it->description = (pjrt_description *)it->device;
  return NULL;
}

static pjrt_error *identifier(void *arguments) {
  pjrt_description_id_arguments *it = arguments;
  it->id = ((pjrt_client *)it->description)->card;
  return NULL;
}

static pjrt_error *kind(void *arguments) {
  pjrt_description_text_arguments *it = arguments;
  it->text = ((pjrt_client *)it->description)->card ? "Other Card" : "Card";
  it->count = strlen(it->text);
  return NULL;
}

// ---- Faults around the real one

static pjrt_error *compile(void *arguments) {
  pjrt_compile_arguments *it = arguments;
  const char *word = getenv("PLUGIN_WORD");
  const char *code = it->program->code;
  if (!real || (has_fault("memory") && word && memmem(code, it->program->code_count, word, strlen(word))))
    return &no_memory;
  return real->call[pjrt_client_compile](arguments);
}

static pjrt_error *execute(void *arguments) {
  static int count;
  const char *at = getenv("PLUGIN_AT"), *marker = getenv("PLUGIN_MARKER");
  if (has_fault("crash") && at && ++count == atoi(at) && marker && open(marker, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0) {
    fputs("the card fell off the bus\n", stderr);
    abort();
  }
  return real->call[pjrt_loaded_execute](arguments);
}

const pjrt_table *GetPjrtApi(void) {
  const char *path = getenv("PLUGIN_REAL");
  void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  if (library) real = ((const pjrt_table *(*)(void))dlsym(library, "GetPjrtApi"))();
  pjrt_table *table = calloc(1, real ? real->size : sizeof *table);
  if (real) {
    memcpy(table, real, real->size);
  } else {
    table->size = sizeof *table;
    table->version.major = pjrt_major;
    table->version.minor = pjrt_minor;
    for (int place = 0; place < pjrt_places; place++) table->call[place] = nothing;
    table->call[pjrt_client_platform_name] = table->call[pjrt_client_platform_version] = client_name;
    table->call[pjrt_client_addressable_devices] = devices;
    table->call[pjrt_device_get_description] = description;
    table->call[pjrt_description_id] = identifier;
    table->call[pjrt_description_kind] = kind;
  }
  if (has_fault("version")) table->version.major = 99;
  if (has_fault("old")) table->size = sizeof *table;
  table->call[pjrt_error_destroy] = error_destroy;
  table->call[pjrt_error_message] = error_message;
  table->call[pjrt_error_get_code] = error_code;
  table->call[pjrt_client_create] = create;
  table->call[pjrt_client_compile] = compile;
  table->call[pjrt_loaded_execute] = execute;
  return table;
}
