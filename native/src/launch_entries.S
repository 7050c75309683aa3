/* The entries that launch kernels, on x86-64: launch_gate.h says what they do, launch_gate.c does the same in C. In assembly, since a compiler would
 * copy the arguments that lie on the stack. The first six stay in their registers, so %rax, %r10 and %r11 are what there is to work with. */
#if defined(__x86_64__) && !defined(HAMI_GATE_IN_C)

#define LANE_COSTS 16
#define LANE_GRAIN 24
#define LANE_LAUNCHES 40
#define GATE_VERSION 0
#define GATE_UNLIMITED 8
#define COST_GRID 8
#define COST_NS 16

/* `api`: enum launch_api; `driver`: the place of the driver's own in struct launch_gate. */
    .macro entry name, api, driver
    .globl \name
    .type \name, %function
    .p2align 4
\name:
    .cfi_startproc
    mov launch_lane@gottpoff(%rip), %rax
    mov %fs:(%rax), %rax
    mov 24(%rsp), %r10              /* the stream */
    cmp %r10, 8 * \api(%rax)
    jne 1f
    mov %ecx, %r10d                 /* cost_grid: z << 48 ^ y << 32 ^ x */
    shl $16, %r10d
    xor %edx, %r10d
    shl $32, %r10
    mov %esi, %r11d
    xor %r11, %r10
    lea (%r10, %rdi), %r11          /* cost_place, times the bytes of a place */
    imul spread(%rip), %r11
    shr $52, %r11
    shl $5, %r11
    add LANE_COSTS(%rax), %r11
    cmp %rdi, (%r11)
    jne 1f
    cmp %r10, COST_GRID(%r11)
    jne 1f
    mov COST_NS(%r11), %r11
    sub %r11, LANE_GRAIN(%rax)
    js 2f
    incq LANE_LAUNCHES(%rax)
    jmp *launch_gate + \driver(%rip)
2:  add %r11, LANE_GRAIN(%rax)
1:  mov launch_gate + GATE_VERSION(%rip), %rax
    mov launch_gate + GATE_UNLIMITED(%rip), %r10
    cmp %r10, (%rax)
    jne 3f
    jmp *launch_gate + \driver(%rip)
3:  mov 24(%rsp), %rax              /* gate_passes, with the arguments kept */
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %r8
    push %r9
    sub $8, %rsp
    .cfi_adjust_cfa_offset 56
    shl $16, %ecx                   /* cost_grid, as above */
    xor %ecx, %edx
    shl $32, %rdx
    mov %esi, %r11d
    xor %r11, %rdx
    mov %rdi, %rsi
    mov %rax, %rcx
    mov $\api, %edi
    call gate_passes
    add $8, %rsp
    pop %r9
    pop %r8
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    .cfi_adjust_cfa_offset -56
    test %al, %al
    jz gated_\name
    jmp *launch_gate + \driver(%rip)
    .cfi_endproc
    .size \name, . - \name
    .endm

    .text
    entry cuLaunchKernel, 0, 16
    entry cuLaunchKernel_ptsz, 1, 24
    entry cuLaunchCooperativeKernel, 0, 32
    entry cuLaunchCooperativeKernel_ptsz, 1, 40

    .section .rodata
    .p2align 3
spread:
    .quad 0x9e3779b97f4a7c15        /* COSTS_SPREAD */

#endif

    .section .note.GNU-stack, "", %progbits
