#!/usr/bin/env python3
"""Compares our declaration of the PJRT C interface with the original header. Python 3 and a C compiler.

    python3 Tests/pjrt_interface.py PATH/pjrt_c_api.h

The header is in the wheel xla-cpu-pjrt 0.0.1 (`pip download xla-cpu-pjrt==0.0.1`), and in OpenXLA's source. Every place
in the table, every field and every number that Sources/CPJRT names must be the header's.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = ROOT / "Sources/CPJRT/include/pjrt_interface.h"

# Our function -> theirs where the words differ.
FUNCTIONS = {
    "error_get_code": "Error_GetCode", "client_platform_name": "Client_PlatformName",
    "executable_code_size": "Executable_SizeOfGeneratedCodeInBytes",
    "executable_cost_analysis": "Executable_GetCostAnalysis",
    "executable_deserialize": "Executable_DeserializeAndLoad",
    "buffer_dynamic_dimensions": "Buffer_DynamicDimensionIndices", "buffer_memory_layout": "Buffer_GetMemoryLayout",
    "buffer_size_on_device": "Buffer_OnDeviceSizeInBytes",
}
OWNERS = {"loaded": "LoadedExecutable", "description": "DeviceDescription"}

# Our argument -> theirs, then our field -> theirs; `size` and `extension` are checked in all of them.
ARGUMENTS = {
    ("error_destroy_arguments", "Error_Destroy_Args"): "error:error",
    ("error_message_arguments", "Error_Message_Args"): "error:error words:message count:message_size",
    ("error_code_arguments", "Error_GetCode_Args"): "error:error code:code",
    ("named_value", "NamedValue"):
        "name:name name_count:name_size kind:type value:string_value value_count:value_size",
    ("initialize_arguments", "Plugin_Initialize_Args"): "",
    ("event_arguments", "Event_Await_Args"): "event:event",
    ("event_arguments", "Event_Destroy_Args"): "event:event",
    ("create_arguments", "Client_Create_Args"):
        "options:create_options option_count:num_options get:kv_get_callback get_context:kv_get_user_arg "
        "put:kv_put_callback put_context:kv_put_user_arg client:client try_get:kv_try_get_callback "
        "try_get_context:kv_try_get_user_arg",
    ("client_arguments", "Client_Destroy_Args"): "client:client",
    ("client_text_arguments", "Client_PlatformName_Args"): "client:client text:platform_name count:platform_name_size",
    ("client_text_arguments", "Client_PlatformVersion_Args"):
        "client:client text:platform_version count:platform_version_size",
    ("devices_arguments", "Client_AddressableDevices_Args"):
        "client:client devices:addressable_devices count:num_addressable_devices",
    ("program", "Program"): "code:code code_count:code_size format:format format_count:format_size",
    ("compile_arguments", "Client_Compile_Args"):
        "client:client program:program options:compile_options option_count:compile_options_size "
        "executable:executable",
    ("upload_arguments", "Client_BufferFromHostBuffer_Args"):
        "client:client data:data type:type sides:dims side_count:num_dims strides:byte_strides "
        "stride_count:num_byte_strides semantics:host_buffer_semantics device:device memory:memory "
        "layout:device_layout done:done_with_host_buffer buffer:buffer",
    ("device_description_arguments", "Device_GetDescription_Args"): "device:device description:device_description",
    ("description_id_arguments", "DeviceDescription_Id_Args"): "description:device_description id:id",
    ("description_text_arguments", "DeviceDescription_Kind_Args"):
        "description:device_description text:device_kind count:device_kind_size",
    ("memory_arguments", "Device_MemoryStats_Args"):
        "device:device bytes_in_use:bytes_in_use peak_bytes.number:peak_bytes_in_use "
        "peak_bytes.is_set:peak_bytes_in_use_is_set limit.number:bytes_limit limit.is_set:bytes_limit_is_set "
        "peak_pool.is_set:peak_pool_bytes_is_set",
    ("loaded_arguments", "LoadedExecutable_Destroy_Args"): "executable:executable",
    ("loaded_plain_arguments", "LoadedExecutable_GetExecutable_Args"): "loaded:loaded_executable executable:executable",
    ("plain_arguments", "Executable_Destroy_Args"): "executable:executable",
    ("output_count_arguments", "Executable_NumOutputs_Args"): "executable:executable count:num_outputs",
    ("program_memory_arguments", "Executable_GetCompiledMemoryStats_Args"):
        "executable:executable code:generated_code_size_in_bytes arguments:argument_size_in_bytes "
        "outputs:output_size_in_bytes aliases:alias_size_in_bytes temporary:temp_size_in_bytes "
        "host_code:host_generated_code_size_in_bytes host_temporary:host_temp_size_in_bytes "
        "peak:peak_memory_in_bytes",
    ("execute_options", "ExecuteOptions"):
        "send_callbacks:send_callbacks receive_callbacks:recv_callbacks sends:num_send_ops receives:num_recv_ops "
        "launch:launch_id kept_inputs:non_donatable_input_indices kept_input_count:num_non_donatable_input_indices "
        "context:context call_location:call_location tasks:num_tasks task_ids:task_ids incarnations:incarnation_ids",
    ("execute_arguments", "LoadedExecutable_Execute_Args"):
        "executable:executable options:options inputs:argument_lists device_count:num_devices input_count:num_args "
        "outputs:output_lists complete:device_complete_events device:execute_device",
    ("buffer_arguments", "Buffer_Destroy_Args"): "buffer:buffer",
    ("download_arguments", "Buffer_ToHostBuffer_Args"):
        "source:src layout:host_layout target:dst count:dst_size event:event",
}

NUMBERS = {
    "pjrt_major": "PJRT_API_MAJOR", "pjrt_code_resource_exhausted": "PJRT_Error_Code_RESOURCE_EXHAUSTED",
    "pjrt_code_unimplemented": "PJRT_Error_Code_UNIMPLEMENTED",
    "pjrt_value_int64_list": "PJRT_NamedValue_kInt64List", "pjrt_value_bool": "PJRT_NamedValue_kBool",
    "pjrt_type_s32": "PJRT_Buffer_Type_S32", "pjrt_type_u8": "PJRT_Buffer_Type_U8",
    "pjrt_type_f32": "PJRT_Buffer_Type_F32", "pjrt_type_f64": "PJRT_Buffer_Type_F64",
    "pjrt_host_only_during_call": "PJRT_HostBufferSemantics_kImmutableOnlyDuringCall",
}


def their_function(name, header):
    if name in FUNCTIONS:
        return "PJRT_" + FUNCTIONS[name]
    owner, rest = name.split("_", 1)
    words = "".join(word.capitalize() for word in rest.split("_"))
    plain = f"PJRT_{OWNERS.get(owner, owner.capitalize())}_{words}"
    if f"_PJRT_API_STRUCT_FIELD({plain})" not in header:
        sys.exit(f"pjrt_{name}: the header has no {plain}")
    return plain


def checks(header):
    text = OURS.read_text()
    table = re.search(r"enum pjrt_place \{(.*?)\};", text, re.S)[1]
    names = [name for name in re.findall(r"pjrt_(\w+)", table) if name != "places"]
    yield "offsetof(pjrt_table, version.major) == offsetof(PJRT_Api, pjrt_api_version.major_version)", "version"
    for name in names:
        theirs = their_function(name, header)
        yield f"offsetof(pjrt_table, call[pjrt_{name}]) == offsetof(PJRT_Api, {theirs})", name
    yield ("offsetof(pjrt_table, call) + pjrt_executable_memory_stats * sizeof(pjrt_function)"
           " == offsetof(PJRT_Api, PJRT_Executable_GetCompiledMemoryStats)", "executable_memory_stats")
    covered = set()
    for (ours, theirs), fields in ARGUMENTS.items():
        covered.add(ours)
        for field in ["size:struct_size", "extension:extension_start"] + fields.split():
            mine, other = field.split(":")
            yield f"offsetof(pjrt_{ours}, {mine}) == offsetof(PJRT_{theirs}, {other})", f"{ours}.{mine}"
        yield f"sizeof(pjrt_{ours}) >= PJRT_{theirs}_STRUCT_SIZE", f"size of {ours}"
    declared = set(re.findall(r"\} pjrt_(\w+);", text)) - {"table", "optional"}
    if declared - covered:
        sys.exit(f"no check of {sorted(declared - covered - {'attributes_arguments'})}")
    for mine, other in NUMBERS.items():
        yield f"{mine} == {other}", mine


def main(path):
    header = pathlib.Path(path).read_text()
    conditions = list(checks(header))
    lines = [f'#include "{pathlib.Path(path).resolve()}"', f'#include "{OURS}"', "#include <stdio.h>",
             "int main(void) { int bad = 0;"]
    for condition, name in conditions:
        lines.append(f'if (!({condition})) {{ bad++; puts("differs: {name}"); }}')
    lines.append("return bad > 0; }")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "check.c"
        source.write_text("\n".join(lines))
        program = pathlib.Path(folder) / "check"
        subprocess.run(["cc", "-std=gnu11", "-o", program, source], check=True)
        failed = subprocess.run([program]).returncode
    print(f"{len(conditions)} places, fields and numbers compared" + (": differences" if failed else ", all equal"))
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
