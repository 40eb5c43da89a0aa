// The list of desks: a token that came with the address stays in this tab and leaves the address bar.
import { keepToken } from "./token.js";

keepToken();
