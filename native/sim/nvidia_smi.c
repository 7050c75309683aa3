/* nvidia-smi of the simulated driver: the table, the list and the CSV queries that scripts use, from NVML alone.
 * Not here: settings, topology, monitoring loops. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smi_nvml.h"

#define MIB (1ull << 20)

static const char usage[] =
    "SIMULATED nvidia-smi: shows the simulated cards of this node or container.\n\n"
    "  nvidia-smi                                     table of cards and their processes\n"
    "  nvidia-smi -L | --list-gpus                    one line per card and MIG device\n"
    "  nvidia-smi --query-gpu=FIELD,… --format=csv[,noheader][,nounits]\n"
    "  nvidia-smi -h | --help\n\n"
    "Fields: ";

struct field {
    const char *name, *unit;
    void (*print)(const struct smi_node *, const struct smi_card *);
};

static void print_index(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%u", card->index);
}

static void print_uuid(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%s", card->uuid);
}

static void print_name(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%s", card->name);
}

static void print_bus_id(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%s", card->bus_id);
}

static void print_driver(const struct smi_node *node, const struct smi_card *card)
{
    (void)card;
    printf("%s", node->driver_version);
}

static void print_total(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%llu", card->memory.total / MIB);
}

static void print_used(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%llu", card->memory.used / MIB);
}

static void print_free(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    printf("%llu", card->memory.free / MIB);
}

static void print_busy(const struct smi_node *node, const struct smi_card *card)
{
    (void)node;
    if (card->busy_percent < 0)
        printf("[N/A]");
    else
        printf("%d", card->busy_percent);
}

static const struct field fields[] = {
    {"index", NULL, print_index},
    {"uuid", NULL, print_uuid},
    {"name", NULL, print_name},
    {"pci.bus_id", NULL, print_bus_id},
    {"driver_version", NULL, print_driver},
    {"memory.total", "MiB", print_total},
    {"memory.used", "MiB", print_used},
    {"memory.free", "MiB", print_free},
    {"utilization.gpu", "%", print_busy},
};
#define FIELDS (sizeof fields / sizeof *fields)

struct query {
    const struct field *fields[2 * FIELDS];
    size_t count;
    bool header, units;
};

static int fail(const char *problem)
{
    fprintf(stderr, "nvidia-smi: %s\n", problem);
    return 1;
}

static void print_help(void)
{
    fputs(usage, stdout);
    for (size_t i = 0; i < FIELDS; i++)
        printf("%s%s", i ? ", " : "", fields[i].name);
    putchar('\n');
}

static const char *parse_fields(struct query *query, char *list)
{
    for (char *name = strtok(list, ", "); name; name = strtok(NULL, ", ")) {
        const struct field *field = fields;
        while (field < fields + FIELDS && strcmp(field->name, name) != 0)
            field++;
        if (field == fields + FIELDS || query->count == 2 * FIELDS)
            return "--query-gpu: a field that is not known, or too many of them; --help lists the fields";
        query->fields[query->count++] = field;
    }
    return query->count ? NULL : "--query-gpu: no field given; --help lists the fields";
}

static const char *parse_format(struct query *query, char *list)
{
    char *word = strtok(list, ",");
    if (!word || strcmp(word, "csv") != 0)
        return "--format: only csv, with noheader and nounits after it";
    while ((word = strtok(NULL, ","))) {
        if (!strcmp(word, "noheader"))
            query->header = false;
        else if (!strcmp(word, "nounits"))
            query->units = false;
        else
            return "--format: only csv, with noheader and nounits after it";
    }
    return NULL;
}

static int print_query(const struct smi_node *node, const struct query *query)
{
    for (size_t i = 0; query->header && i < query->count; i++) {
        const struct field *field = query->fields[i];
        printf("%s%s", i ? ", " : "", field->name);
        if (field->unit)
            printf(" [%s]", field->unit);
    }
    if (query->header)
        putchar('\n');
    static struct smi_card card;
    for (unsigned index = 0; index < node->count; index++) {
        const char *problem = smi_read(index, &card);
        if (problem)
            return fail(problem);
        for (size_t i = 0; i < query->count; i++) {
            printf("%s", i ? ", " : "");
            query->fields[i]->print(node, &card);
            if (query->units && query->fields[i]->unit)
                printf(" %s", query->fields[i]->unit);
        }
        putchar('\n');
    }
    return 0;
}

static int print_list(const struct smi_node *node)
{
    static struct smi_card card;
    for (unsigned index = 0; index < node->count; index++) {
        const char *problem = smi_read(index, &card);
        if (problem)
            return fail(problem);
        printf("GPU %u: %s (UUID: %s)\n", card.index, card.name, card.uuid);
        for (unsigned i = 0; i < card.instance_count; i++)
            printf("  MIG %-11s Device %2u: (UUID: %s)\n", card.instances[i].profile, i, card.instances[i].uuid);
    }
    return 0;
}

static const char rule[] = "+-----+---------------------------+------------------+------+---------+-----------------------+------+";

static void print_row(const struct smi_card *card)
{
    char memory[40], busy[12];
    snprintf(memory, sizeof memory, "%lluMiB / %lluMiB", card->memory.used / MIB, card->memory.total / MIB);
    snprintf(busy, sizeof busy, card->busy_percent < 0 ? "N/A" : "%d%%", card->busy_percent);
    printf("| %3u | %-25.25s | %16.16s | %3uC | %5uW  | %21.21s | %4s |\n", card->index, card->name, card->bus_id,
           card->temperature_c, card->power_mw / 1000, memory, busy);
}

static int print_table(const struct smi_node *node)
{
    struct smi_card *cards = calloc(node->count, sizeof *cards);
    if (!cards)
        return fail("out of memory");
    for (unsigned i = 0; i < node->count; i++) {
        const char *problem = smi_read(i, &cards[i]);
        if (problem) {
            free(cards);
            return fail(problem);
        }
    }
    printf("SIMULATED NVIDIA-SMI    Driver Version: %s    CUDA Version: %d.%d\n%s\n", node->driver_version,
           node->cuda_version / 1000, node->cuda_version % 1000 / 10, rule);
    printf("| GPU | Name                      | Bus-Id           | Temp | Power   |          Memory-Usage | Util |\n%s\n", rule);
    for (unsigned i = 0; i < node->count; i++)
        print_row(&cards[i]);
    printf("%s\n", rule);
    for (unsigned i = 0; i < node->count; i++)
        for (unsigned m = 0; m < cards[i].instance_count; m++)
            printf("GPU %u: MIG %s Device %u: %lluMiB / %lluMiB\n", i, cards[i].instances[m].profile, m,
                   cards[i].instances[m].memory.used / MIB, cards[i].instances[m].memory.total / MIB);
    for (unsigned i = 0; i < node->count; i++)
        for (unsigned p = 0; p < cards[i].process_count; p++)
            printf("GPU %u: process %u holds %llu MiB\n", i, cards[i].processes[p].pid,
                   cards[i].processes[p].usedGpuMemory / MIB);
    free(cards);
    return 0;
}

struct request {
    bool help, list;
    struct query query;
};

static const char *parse(int count, char **arguments, struct request *request)
{
    const char *problem = NULL;
    bool format = false;
    for (int i = 1; i < count && !problem; i++) {
        char *argument = arguments[i];
        if (!strcmp(argument, "-h") || !strcmp(argument, "--help"))
            request->help = true;
        else if (!strcmp(argument, "-L") || !strcmp(argument, "--list-gpus"))
            request->list = true;
        else if (!strncmp(argument, "--query-gpu=", 12))
            problem = parse_fields(&request->query, argument + 12);
        else if (!strncmp(argument, "--format=", 9)) {
            problem = parse_format(&request->query, argument + 9);
            format = true;
        } else
            problem = "an argument that is not known; --help shows those that are";
    }
    if (!problem && (request->query.count > 0) != format)
        problem = "--query-gpu and --format=csv go together";
    return problem;
}

int main(int count, char **arguments)
{
    struct request request = {.query = {.header = true, .units = true}};
    struct smi_node node;
    const char *problem = parse(count, arguments, &request);
    if (problem)
        return fail(problem);
    if (request.help) {
        print_help();
        return 0;
    }
    problem = smi_open(&node);
    if (problem)
        return fail(problem);
    if (request.list)
        return print_list(&node);
    return request.query.count ? print_query(&node, &request.query) : print_table(&node);
}
