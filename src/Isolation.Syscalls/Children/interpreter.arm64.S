// The interpreter of syscall programs for arm64, which stub.arm64.S and runner.arm64.S include. interpreter.x64.S explains
// it; this is the same, step by step. The macro expects in
// x19 the frame, in x20 the first step, in x21 the values and in w22 0.

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

        .set NR_ppoll,           73
        .set NR_exit_group,      94
        .set EINTR,              4

        .macro interpreter
next_step:
        ldr     w9, [x19, #frame_step_count]
        cmp     w22, w9
        b.hs    finished
        str     w22, [x19, #frame_progress]
        ldr     w9, [x19, #frame_fault_step]
        cmp     w22, w9
        b.eq    fault

announce:
        ldrb    w9, [x20, #step_flags]
        tbz     w9, #0, call                            // Announce
        ldr     w9, [x19, #frame_attention]
        add     w9, w9, #1
        add     x10, x19, #frame_attention
        stlr    w9, [x10]

call:
        mov     x9, #0
argument:
        add     x10, x20, #step_arguments
        ldr     x0, [x10, x9, lsl #3]
        add     x10, x20, #step_kinds
        ldrb    w11, [x10, x9]
        cmp     w11, #2                                 // Value
        b.lo    keep
        b.hi    in_frame
        ldr     x0, [x21, x0, lsl #3]
        b       keep
in_frame:
        add     x0, x0, x19
keep:
        add     x10, x19, #frame_arguments
        str     x0, [x10, x9, lsl #3]
        add     x9, x9, #1
        cmp     x9, #6
        b.lo    argument

        ldp     x0, x1, [x19, #frame_arguments]
        ldp     x2, x3, [x19, #frame_arguments + 16]
        ldp     x4, x5, [x19, #frame_arguments + 32]
        ldr     w8, [x20]
        svc     #0

        ldrb    w9, [x20, #step_flags]
        tbz     w9, #2, keep_result                     // Fork
        cmp     x0, #0
        b.gt    parent
keep_result:
        ldr     w9, [x20, #step_result_slot]
        str     x0, [x21, x9, lsl #3]
        cmn     x0, #4095
        b.hs    failed
        ldrb    w9, [x20, #step_flags]
        tbnz    w9, #1, call                            // Repeat
advance:
        add     x20, x20, #step_size
        add     w22, w22, #1
        b       next_step

failed:
        neg     w0, w0
        cmp     w0, #EINTR
        b.ne    tolerated
        ldrb    w9, [x20, #step_flags]
        tbnz    w9, #1, call

tolerated:
        ldrh    w9, [x20, #step_tolerates]
        cmp     w0, w9
        b.eq    advance
        ldrh    w9, [x20, #step_tolerates + 2]
        cmp     w0, w9
        b.eq    advance
        ldrh    w9, [x20, #step_tolerates + 4]
        cmp     w0, w9
        b.eq    advance
        ldrh    w9, [x20, #step_tolerates + 6]
        cmp     w0, w9
        b.eq    advance
        str     w22, [x19, #frame_failed_step]
        str     w0, [x19, #frame_failed_errno]
        mov     x0, #127
        b       exit

finished:
        str     w22, [x19, #frame_progress]
        mov     x0, #0
exit:
        mov     x8, #NR_exit_group
        svc     #0
        b       exit

        // For tests: the step fails with the errno that the frame names, or is held for the time that it names.
fault:
        ldr     w0, [x19, #frame_fault_errno]
        ldr     w9, [x20, #step_result_slot]
        neg     x10, x0
        str     x10, [x21, x9, lsl #3]
        cbnz    w0, tolerated
        mov     x0, #0
        mov     x1, #0
        add     x2, x19, #frame_hold
        mov     x3, #0
        mov     x4, #8
        mov     x8, #NR_ppoll
        svc     #0
        b       announce
        .endm
