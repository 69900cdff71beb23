@rem `npm start` begins with `exec`, so that signals to npm reach the server past the shell. Windows has none: here it only runs the rest.
@%*
