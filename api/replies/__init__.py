"""An outcome as a text of quotations with marks, and what each mark stands for."""
