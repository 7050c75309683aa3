/* dlsym, for every program in the container: libc's own, entered by a jump, so that it sees its true caller and RTLD_NEXT means
 * what the caller means. For the few symbols that have a wrapper, ours. The choice is resolve_choose_dlsym's. */

    .text
    .globl dlsym
    .type dlsym, %function
#if defined(__x86_64__)
    .p2align 4
dlsym:
    .cfi_startproc
    endbr64
    push %rdi
    .cfi_adjust_cfa_offset 8
    push %rsi
    .cfi_adjust_cfa_offset 8
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    mov %rsi, %rdi
    call resolve_choose_dlsym
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %rsi
    .cfi_adjust_cfa_offset -8
    pop %rdi
    .cfi_adjust_cfa_offset -8
    jmp *%rax
    .cfi_endproc
#elif defined(__aarch64__)
    .p2align 4
dlsym:
    .cfi_startproc
    hint #34 /* bti c */
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset 29, -32
    .cfi_offset 30, -24
    stp x0, x1, [sp, #16]
    mov x0, x1
    bl resolve_choose_dlsym
    mov x16, x0
    ldp x0, x1, [sp, #16]
    ldp x29, x30, [sp], #32
    .cfi_restore 30
    .cfi_restore 29
    .cfi_def_cfa_offset 0
    br x16
    .cfi_endproc
#else
#error "no entry to dlsym is known for this processor"
#endif
    .size dlsym, . - dlsym

    .section .note.GNU-stack, "", %progbits
