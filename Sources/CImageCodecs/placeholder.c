int mrb_codecs_placeholder;
