# The interpreter of syscall programs for x64, which stub.x64.S and runner.x64.S include.
#
# Gives the layout of frame and step, and the macro `interpreter`. It expects in rbx the frame, in r12 the first step, in r13 the values and in r14d 0. It uses no stack, and it does not
# return: a step executes a program, or the process ends.
#
# Whoever includes this defines `parent`: where the process goes on, with the child's id in rax, that a step has forked.
#
# Offsets into the frame and a step: ChildFrame.cs and NativeStep.cs.

        .set frame_steps,        0x00
        .set frame_values,       0x08
        .set frame_step_count,   0x10
        .set frame_progress,     0x14
        .set frame_failed_step,  0x18
        .set frame_failed_errno, 0x1c
        .set frame_fault_step,   0x20
        .set frame_fault_errno,  0x24
        .set frame_attention,    0x28
        .set frame_all_signals,  0x30
        .set frame_old_signals,  0x38
        .set frame_clone_call,   0x40
        .set frame_clone_args,   0x48
        .set frame_arguments,    0x70
        .set frame_hold,         0xa0
        .set frame_main_status,  0x114
        .set frame_main_ended,   0x118

        .set step_result_slot,   0x04
        .set step_tolerates,     0x08
        .set step_arguments,     0x10
        .set step_kinds,         0x40
        .set step_flags,         0x46
        .set step_size,          0x48

        .set NR_exit_group,      231
        .set NR_ppoll,           271
        .set EINTR,              4

        .macro interpreter
next_step:
        cmp     r14d, [rbx + frame_step_count]
        jae     finished
        mov     [rbx + frame_progress], r14d
        cmp     r14d, [rbx + frame_fault_step]
        je      fault

announce:
        test    byte ptr [r12 + step_flags], 1          # Announce
        jz      call
        inc     dword ptr [rbx + frame_attention]

call:
        xor     ecx, ecx
argument:
        mov     rax, [r12 + rcx * 8 + step_arguments]
        mov     dl, [r12 + rcx + step_kinds]
        cmp     dl, 2                                   # Value
        jb      keep
        ja      in_frame
        mov     rax, [r13 + rax * 8]
        jmp     keep
in_frame:
        add     rax, rbx
keep:
        mov     [rbx + rcx * 8 + frame_arguments], rax
        inc     ecx
        cmp     ecx, 6
        jb      argument

        mov     rdi, [rbx + frame_arguments]
        mov     rsi, [rbx + frame_arguments + 8]
        mov     rdx, [rbx + frame_arguments + 16]
        mov     r10, [rbx + frame_arguments + 24]
        mov     r8,  [rbx + frame_arguments + 32]
        mov     r9,  [rbx + frame_arguments + 40]
        mov     eax, [r12]
        syscall

        # The result is the child's to keep: the parent may share its memory.
        test    byte ptr [r12 + step_flags], 4          # Fork
        jz      keep_result
        test    rax, rax
        jg      parent
keep_result:
        mov     ecx, [r12 + step_result_slot]
        mov     [r13 + rcx * 8], rax
        cmp     rax, -4095
        jae     failed
        test    byte ptr [r12 + step_flags], 2          # Repeat
        jnz     call
advance:
        add     r12, step_size
        inc     r14d
        jmp     next_step

failed:
        neg     eax
        cmp     eax, EINTR
        jne     tolerated
        test    byte ptr [r12 + step_flags], 2
        jnz     call

tolerated:
        cmp     ax, [r12 + step_tolerates]
        je      advance
        cmp     ax, [r12 + step_tolerates + 2]
        je      advance
        cmp     ax, [r12 + step_tolerates + 4]
        je      advance
        cmp     ax, [r12 + step_tolerates + 6]
        je      advance
        mov     [rbx + frame_failed_step], r14d
        mov     [rbx + frame_failed_errno], eax
        mov     edi, 127
        jmp     exit

finished:
        mov     [rbx + frame_progress], r14d
        xor     edi, edi
exit:
        mov     eax, NR_exit_group
        syscall
        jmp     exit

        # For tests: the step fails with the errno that the frame names, or is held for the time that it names.
fault:
        mov     eax, [rbx + frame_fault_errno]
        mov     ecx, [r12 + step_result_slot]
        mov     rdx, rax
        neg     rdx
        mov     [r13 + rcx * 8], rdx
        test    eax, eax
        jnz     tolerated
        xor     edi, edi
        xor     esi, esi
        lea     rdx, [rbx + frame_hold]
        xor     r10d, r10d
        mov     r8d, 8
        mov     eax, NR_ppoll
        syscall
        jmp     announce
        .endm
