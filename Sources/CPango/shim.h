#pragma once
#include <cairo.h>

// The few calls of Pango that Marbles makes, as its own headers declare them. Those need GLib's,
// whose pkg-config file asks for a flag that the package manager refuses.

typedef struct _PangoContext PangoContext;
typedef struct _PangoLayout PangoLayout;
typedef struct _PangoLayoutLine PangoLayoutLine;
typedef struct _PangoFontDescription PangoFontDescription;

// PANGO_SCALE, PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_BOLD and PANGO_DIRECTION_LTR.
enum { PANGO_UNITS = 1024, PANGO_NORMAL = 400, PANGO_BOLD = 700, PANGO_LEFT_TO_RIGHT = 0 };

PangoContext *pango_cairo_create_context(cairo_t *);
void pango_cairo_update_context(cairo_t *, PangoContext *);
void pango_cairo_context_set_font_options(PangoContext *, const cairo_font_options_t *);
void pango_context_set_round_glyph_positions(PangoContext *, int);
void pango_context_set_base_dir(PangoContext *, unsigned);
void pango_cairo_show_layout_line(cairo_t *, PangoLayoutLine *);

PangoLayout *pango_layout_new(PangoContext *);
void pango_layout_context_changed(PangoLayout *);
void pango_layout_set_font_description(PangoLayout *, const PangoFontDescription *);
void pango_layout_set_single_paragraph_mode(PangoLayout *, int);
void pango_layout_set_auto_dir(PangoLayout *, int);
void pango_layout_set_text(PangoLayout *, const char *, int);
void pango_layout_get_size(PangoLayout *, int *, int *);
int pango_layout_get_unknown_glyphs_count(PangoLayout *);
PangoLayoutLine *pango_layout_get_line_readonly(PangoLayout *, int);

PangoFontDescription *pango_font_description_from_string(const char *);
void pango_font_description_set_absolute_size(PangoFontDescription *, double);
void pango_font_description_set_weight(PangoFontDescription *, unsigned);
void pango_font_description_free(PangoFontDescription *);

void g_object_unref(void *);
