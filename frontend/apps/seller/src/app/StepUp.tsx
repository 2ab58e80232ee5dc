/** The dialog that asks for a fresh proof, as a script of its own: few changes need it. */
export { StepUpHost as default } from "@carat/identity";
