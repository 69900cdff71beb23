import type { UserRow, UserTable } from "../store/cold/users.ts";

/** A person. */
export type User = UserRow;

/** What an issuer says of a person. */
export interface Person extends Omit<User, "id"> {
  /** The name that the person goes by there. It may come to belong to somebody else, and is not kept. */
  readonly username: string;
}

/** The issuer of the user whom a login link signs in: whoever can read the server's terminal. */
export const localIssuer = "local";

const localPerson: Person = {
  issuer: localIssuer,
  subject: "owner",
  email: "",
  emailVerified: false,
  username: "owner",
  displayName: "Owner of this server",
  groups: [],
};

export interface Users {
  /** Notes who is signing in; makes the user at the first time. */
  saveUser(person: Person): Promise<User>;
  /** The user whom login links sign in. */
  localUser(): Promise<User>;
}

export function createUsers(table: UserTable): Users {
  const users: Users = {
    saveUser: (person) => table.save(person),
    localUser: () => users.saveUser(localPerson),
  };
  return users;
}
