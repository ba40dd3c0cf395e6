export { createConnector, type ConnectorOptions } from './connector.js';
