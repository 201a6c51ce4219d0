/** The packages that `init` adds to a project. A test compares the versions with those of this repository. */
export const toolVersions = {
  dependencies: {
    "@bufbuild/protobuf": "^2.17.0",
    "@connectrpc/connect": "^2.2.0",
  },
  devDependencies: {
    "@bufbuild/buf": "^1.75.0",
    "@bufbuild/protoc-gen-es": "^2.17.0",
  },
  typeScript: {
    "@types/node": "^24.19.2",
    typescript: "^7.0.2",
  },
} as const;
